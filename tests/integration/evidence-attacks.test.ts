import { type VerifyOptions, verifyEvidence } from '@azora/evidence'
import { type Attack, alterations, forgeries, rearrangements, truncations } from '@azora/evidence/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { bundleOf, OWNER_KEY, putOnRecord } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const [ALICE, BOB] = [person('user:alice'), person('user:bob')]
const signer = newSigner()
let postgres: TestPostgres
let database: TestDatabase
let server: Server
let bundle: Uint8Array
let other: Uint8Array
const options: VerifyOptions = { trustedKey: signer.verifier.text, ownerKeys: [OWNER_KEY] }

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  server = await startServer({ db: database.db, world: createWorld(), signer })
  await putOnRecord(server.journal, ALICE, BOB)
  bundle = await reviewedRun()
  const run = await server.run([[{ id: 'look', skill: 'test.read', input: {} }]])
  await server.reaches(run, 'success')
  other = await bundleOf(server.evidence, run)
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

/** The evidence of a run with a denied action, and one that two people allowed. */
async function reviewedRun(): Promise<Uint8Array> {
  const run = await server.run([
    [{ id: 'bad', skill: 'test.write', input: { verdict: 'deny' } }],
    [{ id: 'asked', skill: 'test.write', input: { verdict: 'review', quorum: 2, text: 'x' } }],
  ])
  await server.reaches(run, 'awaiting_review')
  for (const who of [ALICE, BOB]) {
    const review = (await server.orchestrator.reviews(OWNER)).items.find(({ runId }) => runId === run)
    if (review) await server.orchestrator.decide(who, review.reviewId, decisionOf(who, review, 'approve'))
  }
  await server.reaches(run, 'success')
  return bundleOf(server.evidence, run)
}

function unseen(attacks: Iterable<Attack>): { tried: number; unseen: string[] } {
  const found: string[] = []
  let tried = 0
  for (const { name, bytes, names } of attacks) {
    tried += 1
    const report = verifyEvidence(bytes, options)
    const flaws = report.checks.flatMap(({ flaw }) => flaw ?? []).join('; ')
    if (report.verified || !names.test(flaws)) found.push(`${name}: ${flaws || 'verified'}`)
  }
  return { tried, unseen: found }
}

describe('the bundle of a real run', () => {
  it('is for its own tenant', async () => {
    const [run] = (await server.orchestrator.list(OWNER, { limit: 1 })).items
    const asked = server.evidence.bundle('acme', run?.id ?? '')
    await expect(asked).rejects.toMatchObject({ code: 'run_not_found' })
  })

  it('verifies', () => {
    for (const bytes of [bundle, other])
      expect(verifyEvidence(bytes, options).checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('shows each alteration, removal, exchange and cut', () => {
    const cuts = Array.from({ length: 50 }, (_, step) => Math.floor((bundle.length * step) / 50))
    for (const attacks of [alterations(bundle), rearrangements(bundle, other), truncations(bundle, cuts)])
      expect(unseen(attacks).unseen).toEqual([])
  })

  it("shows each alteration that is signed anew with the journal's key", () => {
    const { tried, unseen: missed } = unseen(forgeries(bundle, signer))
    expect(missed).toEqual([])
    expect(tried).toBeGreaterThan(500)
  })
})
