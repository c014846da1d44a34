import type { Entry, EntryKind, Json, JsonObject, ReviewDecision } from '@azora/contracts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { CONSTITUTION } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

/** Runs that are generated and replayed. */
const RUNS = Number(process.env.AZORA_REPLAY_RUNS ?? 40)
const MUTATIONS_OF_EACH = 25
const ALICE = person('user:alice')

let postgres: TestPostgres
let database: TestDatabase
let server: Server

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  server = await startServer({ db: database.db, world: createWorld(), signer: newSigner() })
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const inputs = fc.record(
  {
    verdict: fc.constantFrom('allow', 'allow', 'allow', 'deny', 'review'),
    how: fc.constantFrom('well', 'well', 'well', 'fail', 'lose'),
    text: fc.oneof(fc.string({ maxLength: 12 }), fc.constant({ $step: 's0-0', $pointer: '/text' })),
    plan: fc.constantFrom('allow', 'allow', 'allow', 'deny', 'review'),
  },
  { requiredKeys: [] },
)
const skills = fc.constantFrom('test.read', 'test.read', 'test.write', 'test.write', 'test.strict', 'test.unknown')
const steps = fc.array(fc.record({ skill: skills, input: inputs, waits: fc.boolean() }), { minLength: 1, maxLength: 4 })
const scripts = fc.record({
  plans: fc.array(steps, { maxLength: 3 }),
  input: fc.record(
    {
      goal: fc.constantFrom('reached', 'missed'),
      outputs: fc.constantFrom(1, { verdict: 'deny' }, { verdict: 'review' }),
    },
    { requiredKeys: [] },
  ),
  decisions: fc.infiniteStream(fc.constantFrom<ReviewDecision[]>('approve', 'approve', 'deny', 'amend')),
})
type Script = typeof scripts extends fc.Arbitrary<infer T> ? T : never

const plansOf = ({ plans }: Script): object[][] =>
  plans.map((plan, turn) =>
    plan.map(({ skill, input, waits }, at) => ({
      id: `s${turn}-${at}`,
      skill,
      input,
      ...(waits && at > 0 && { after: [`s${turn}-${at - 1}`] }),
    })),
  )

/** Runs it to its end; people decide as the script says. */
async function recorded(script: Script): Promise<Entry[]> {
  const runId = await server.run(plansOf(script), { input: script.input as JsonObject })
  for (;;) {
    const run = await server.until(
      runId,
      ({ state, finishedAt }) => finishedAt !== undefined || state === 'awaiting_review',
    )
    if (run.finishedAt) return server.journal.readRun(runId)
    for (const review of await server.orchestrator.reviewsOf(OWNER, runId)) {
      const wanted = script.decisions.next().value ?? 'approve'
      const decision = wanted === 'amend' && review.cause !== 'verdict' ? 'approve' : wanted
      const change = decision === 'amend' ? { input: { text: 'amended', path: 'x' } } : {}
      await server.orchestrator
        .decide(ALICE, review.reviewId, decisionOf(ALICE, review, decision, change))
        .catch((thrown) => expect(thrown.code).toMatch(/^(review_|invalid_input|illegal_transition)/))
    }
  }
}

/**
 * What is told by people, nodes, the clock or chance: it is taken as it is. What a verdict was told of the run holds for any
 * moment since its step could begin, of which there are several when steps go side by side.
 */
const GIVEN: Partial<Record<EntryKind, RegExp>> = {
  'action.verified': /^\/permission\/(expiresAt|nonce|audience|isolation)|^\/reviewId$|^\/judged\/(run\/|isolation$)/,
  'action.finished': /^\/outcome\/(state|error|durationMs|log|node|isolation)/,
  'review.requested': /^\/(reviewId|stepId|expiresAt|terms\/)/,
  'run.validated': /^\/reviewId$/,
}
const DECIDED = new Set<EntryKind>([
  'agent.recognized',
  'plan.proposed',
  'agent.concluded',
  'action.verified',
  'action.invalid',
  'action.started',
  'action.finished',
  'review.requested',
  'run.validated',
  'run.failed',
])

interface Place {
  at: number
  pointer: string
}

function leavesOf(value: Json, pointer = ''): string[] {
  if (value === null || typeof value !== 'object') return [pointer]
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${pointer}/${name}`))
}

const placesIn = (entries: readonly Entry[]): Place[] =>
  entries.flatMap(({ header, payload }, at) =>
    DECIDED.has(header.kind)
      ? leavesOf(payload as Json)
          .filter((pointer) => pointer !== '' && !GIVEN[header.kind]?.test(pointer))
          .map((pointer) => ({ at, pointer }))
      : [],
  )

/** A copy of the history without some payloads. */
const erased = (entries: readonly Entry[], chosen: readonly number[]): Entry[] =>
  entries.map((entry, at) =>
    chosen.includes(at) ? ({ ...entry, payload: null, salt: '' } as unknown as Entry) : entry,
  )

/** A copy of the history in which one value is another one. */
function mutated(entries: readonly Entry[], { at, pointer }: Place): Entry[] {
  const copy = structuredClone(entries) as Entry[]
  const path = pointer.split('/').slice(1)
  const last = path.pop() ?? ''
  let holder = copy[at]?.payload as unknown as Record<string, Json>
  for (const name of path) holder = holder[name] as Record<string, Json>
  holder[last] = other(holder[last] as Json)
  return copy
}

function other(value: Json): Json {
  if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? 'f'.repeat(64) : `${value}x`
  if (typeof value === 'number') return value + 1
  return typeof value === 'boolean' ? !value : 0
}

describe('any run', () => {
  it('is decided in the same way again, and where one value of its record is changed, there it diverges', async () => {
    let places = 0
    await fc.assert(
      fc.asyncProperty(scripts, fc.infiniteStream(fc.nat()), async (script, picks) => {
        const entries = await recorded(script)
        const report = await server.replayEntries(entries, { all: true })
        expect(report.divergences).toEqual([])
        expect(report.outcome).toBe('same')
        const all = placesIn(entries)
        for (let count = 0; count < Math.min(MUTATIONS_OF_EACH, all.length); count += 1) {
          const place = all[picks.next().value % all.length] as Place
          const changed = await server.replayEntries(mutated(entries, place))
          const where = `${entries[place.at]?.header.kind} ${place.pointer}`
          // Under a law that nobody has, nothing can be judged again, and that is said.
          const found = place.pointer === '/result/constitution' ? changed.unreplayed : changed.divergences
          expect(found[0]?.index, where).toBe(entries[place.at]?.header.index)
          places += 1
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
    expect(places).toBeGreaterThan(RUNS * 5)
  })

  it('is replayed as far as it goes when payloads of it were erased', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.infiniteStream(fc.nat()), async (script, picks) => {
        const entries = await recorded(script)
        const pick = (): number => picks.next().value % entries.length
        for (const chosen of [[pick()], [pick(), pick()], [0], entries.map((_, at) => at)]) {
          for (const request of [{ all: true }, { constitution: { digest: CONSTITUTION } }]) {
            const report = await server.replayEntries(erased(entries, chosen), request)
            expect(report.divergences).toEqual([])
            expect(report.changes).toEqual([])
            expect(report.entries).toBe(entries.length)
          }
        }
      }),
      { numRuns: Math.ceil(RUNS / 2), endOnFailure: true },
    )
  })
})
