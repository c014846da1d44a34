import { AzoraError, timestamp, toAzoraError } from '@azora/base'
import type { ReviewView } from '@azora/contracts'
import type { Decider } from '@azora/orchestrator'
import { signStatement } from '@azora/proof'
import type { Loop } from '../engine/loop.ts'
import type { Random } from '../engine/random.ts'
import { noteUnless } from '../invariants/flaw.ts'
import { signerOf } from './keys.ts'
import type { Rooms, ServerLife } from './server.ts'
import type { World } from './world.ts'

export const OWNER = { id: 'user:owner', tenant: 'default' }
const REVIEWERS = ['user:alice', 'user:bob'].map((id) => {
  const signer = signerOf(id)
  const decider: Decider = { id, tenant: 'default', roles: ['reviewer'], keys: [signer.verifier.text] }
  return { decider, signer }
})

/** What people were told was done. */
export interface Promised {
  /** By idempotency key, the run that was accepted. */
  readonly runs: Map<string, string>
  readonly commands: Array<{ runId: string; kind: 'pause' | 'resume' | 'cancel' }>
  readonly decisions: Array<{ reviewId: string; by: string }>
  readonly signals: Array<{ key: string; runId: string; index: number }>
  readonly moves: Array<{ runId: string; to?: string; skills?: true }>
}

export interface People {
  readonly promised: Promised
  /** Asks until it is done, or refused for good. */
  insist<T>(name: string, work: (rooms: Rooms) => Promise<T>): Promise<T | AzoraError>
  /** Asks for a run until it is accepted. */
  request(key: string, ask: (rooms: Rooms) => Promise<{ runId: string }>): Promise<string>
  /** Tries once; what went wrong is answered. */
  command(runId: string, kind: 'pause' | 'resume' | 'cancel'): Promise<AzoraError | undefined>
  /** Looks at what waits for people, and decides about it. */
  review(): Promise<void>
  sleep(ms: number): Promise<void>
}

export interface PeopleDeps {
  loop: Loop
  random: Random
  world: World
  server: () => ServerLife | undefined
  /** Whether the database has refused everything since then. */
  awaySince: (ms: number) => boolean
}

const ANSWER_MS_MAX = 10_000
export const unanswered = (): AzoraError => new AzoraError('retry', 'no_answer', 'the server does not answer')

export function createPeople({ loop, random, world, server, awaySince }: PeopleDeps): People {
  const promised: Promised = { runs: new Map(), commands: [], decisions: [], signals: [], moves: [] }
  const machine = loop.machine('people')
  const together = random.fork('together')
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      loop.after(ms, machine, 'people', resolve)
    })

  /** A request over the network, and its answer, which may never come. */
  function call<T>(name: string, work: (rooms: Rooms, life: ServerLife) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const life = server()
      if (!life?.rooms) return void loop.after(5, machine, 'refused', () => reject(unanswered()))
      let answered = false
      const answer = (give: () => void): void => {
        answered = true
        loop.after(random.int(20), machine, `${name} answered`, give)
      }
      loop.after(random.int(20), life.machine, name, () => {
        const { rooms } = life
        if (!rooms) return answer(() => reject(unanswered()))
        void work(rooms, life).then(
          (result) => answer(() => resolve(result)),
          (thrown) => answer(() => reject(toAzoraError(thrown))),
        )
      })
      const beganMs = loop.nowMs
      loop.after(ANSWER_MS_MAX, machine, 'no answer', () => {
        if (!answered && life.machine.frozenUntilMs < beganMs && awaySince(beganMs)) mustSayWhy(name, life)
        reject(unanswered())
      })
    })
  }

  /** What keeps somebody waiting is known, so that they can be told. */
  function mustSayWhy(name: string, { rooms }: ServerLife): void {
    noteUnless(!rooms || rooms.journal.trouble() !== undefined, 'who waits is told for what', name)
  }

  async function insist<T>(name: string, work: (rooms: Rooms) => Promise<T>): Promise<T | AzoraError> {
    for (;;) {
      try {
        return await call(name, work)
      } catch (thrown) {
        const error = toAzoraError(thrown)
        if (error.advice !== 'retry' && error.code !== 'journal_fenced') return error
        await sleep(random.between(200, 2_000))
      }
    }
  }

  async function decide(view: ReviewView): Promise<void> {
    const decision = decisionOn(view)
    if (!decision) return
    const { reviewId, actionDigest } = view
    const { decider, signer } = random.pick(REVIEWERS as [(typeof REVIEWERS)[0], (typeof REVIEWERS)[0]])
    await call('decide', async ({ orchestrator }, life) => {
      const at = timestamp(life.clock.now())
      const statement = { type: 'azora.review.v1' as const, reviewId, actionDigest, decision, decider: decider.id, at }
      return orchestrator.decide(decider, reviewId, signStatement(statement, signer))
    })
    promised.decisions.push({ reviewId, by: decider.id })
  }

  /** A person looks whether it happened. What is still going on is waited for. */
  function decisionOn({ cause, runId, stepId }: ReviewView): 'approve' | 'deny' | undefined {
    if (cause !== 'outcome_unknown') return random.chance(0.8) ? 'approve' : 'deny'
    if (world.effects.has(`${runId}:${stepId}`)) return 'deny'
    const goesOn = world.performances.some(
      ({ over, request: { action } }) => !over && action.runId === runId && action.stepId === stepId,
    )
    return goesOn ? undefined : 'approve'
  }

  return {
    promised,
    sleep,
    insist,
    async request(key, ask) {
      const accepted = await insist('request', async (rooms) => ask(rooms))
      if (accepted instanceof AzoraError) throw accepted
      promised.runs.set(key, accepted.runId)
      return accepted.runId
    },
    async command(runId, kind) {
      try {
        await call(kind, ({ orchestrator }) => orchestrator[kind](OWNER, runId))
        promised.commands.push({ runId, kind })
        return undefined
      } catch (thrown) {
        return toAzoraError(thrown)
      }
    },
    async review() {
      // What can't be decided now is looked at again the next time.
      const views = await call('reviews', ({ orchestrator }) => orchestrator.reviews(OWNER)).catch(() => undefined)
      for (const view of views?.items ?? []) {
        // Two may look at the same one at one time.
        const deciding = together.chance(0.3) ? [decide(view), decide(view)] : [decide(view)]
        await Promise.allSettled(deciding)
      }
    },
  }
}
