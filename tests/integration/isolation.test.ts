import { type Entry, isStateful, type ReviewView } from '@azora/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { GATE } from '../support/scripted.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const ALICE = person('user:alice')
const BARE = { article: '10', rule: 'without_isolation', severity: 'HIGH' as const, message: 'no sandbox' }

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let isolation: string
let onReserve: () => void

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  isolation = 'none'
  onReserve = () => {}
  server = await startServer({
    db: database.db,
    world: createWorld(),
    signer: newSigner(),
    isolation: () => isolation,
    ready: async () => onReserve(),
    gate: { ...GATE, verify: reviewingBareEffects },
  })
})
afterEach(async () => {
  const { runs } = await server.replayer.replayRecorded(OWNER, {})
  expect(runs.filter(({ outcome }) => outcome === 'diverged')).toEqual([])
  await server.stop()
  await database.close()
})

function reviewingBareEffects(request: Parameters<typeof GATE.verify>[0]) {
  const plain = GATE.verify(request)
  if (!request.isolation || !isStateful(request.action.effects)) return plain
  const asked = GATE.verify({ ...request, action: { ...request.action, input: { verdict: 'review' } } })
  return { ...asked, reasons: [...plain.reasons, BARE] }
}

const write = (input: object = {}) => [[{ id: 'change', skill: 'test.write', input: { text: 'x', ...input } }]]
const verdictsOf = async (runId: string): Promise<Entry<'action.verified'>['payload'][]> =>
  (await server.journal.readRun(runId)).flatMap((entry) =>
    entry.header.kind === 'action.verified' ? [(entry as Entry<'action.verified'>).payload] : [],
  )
/** Approves the review that waits for these reasons, once there is one. */
async function approve(rules: string[]): Promise<void> {
  const review = await vi.waitFor(
    async () => {
      const [found] = (await server.orchestrator.reviews(OWNER)).items
      expect(found?.reasons.map(({ rule }) => rule)).toEqual(rules)
      return found as ReviewView
    },
    { timeout: 30_000 },
  )
  await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'approve'))
}

describe('a node without isolation', () => {
  it('is said in what is judged, in the permission and in the outcome', async () => {
    const runId = await server.run([[{ id: 'look', skill: 'test.read' }]])
    await server.reaches(runId, 'success')
    expect(await verdictsOf(runId)).toMatchObject([
      { result: { verdict: 'allow' }, judged: { isolation: 'none' }, permission: { isolation: 'none' } },
    ])
  })

  it('has its effects reviewed by people who are told', async () => {
    const runId = await server.run(write())
    await approve(['without_isolation'])
    await server.reaches(runId, 'success')
    const [asked, allowed] = await verdictsOf(runId)
    expect(asked).toMatchObject({ result: { verdict: 'review' }, judged: { isolation: 'none' } })
    expect(allowed).toMatchObject({ result: { verdict: 'allow' }, permission: { isolation: 'none' } })
  })

  it('is not covered by an approval from before it was known', async () => {
    isolation = 'sandbox'
    const runId = await server.run(write({ verdict: 'review' }))
    await server.reaches(runId, 'awaiting_review')
    isolation = 'none'
    await approve(['test'])
    await approve(['test', 'without_isolation'])
    await server.reaches(runId, 'success')
  })

  it('that comes after the verdict has the action judged again', async () => {
    isolation = 'sandbox'
    onReserve = () => {
      isolation = 'none'
    }
    const runId = await server.run(write())
    await approve(['without_isolation'])
    await server.reaches(runId, 'success')
    expect((await verdictsOf(runId)).map(({ judged }) => judged?.isolation)).toEqual(['none', 'none'])
  })
})

it('an isolated node is not mentioned', async () => {
  isolation = 'sandbox'
  const runId = await server.run(write())
  await server.reaches(runId, 'success')
  const [verdict] = await verdictsOf(runId)
  expect(verdict?.judged).not.toHaveProperty('isolation')
  expect(verdict?.permission).not.toHaveProperty('isolation')
})
