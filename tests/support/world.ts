import {
  type AgentManifest,
  Compensation,
  type JsonObject,
  type Outcome,
  type PerformRequest,
  RetryPolicy,
  RUN_START,
} from '@azora/contracts'
import type { PerformResult } from '@azora/orchestrator'
import { digestOf } from '@azora/proof'
import { CODE_DIGEST, skillManifest } from './skill-manifest.ts'

export const READ = skillManifest('test.read', ['read'], true)
export const WRITE = skillManifest('test.write', ['write'], true)
const PAY = skillManifest('test.pay', ['spend'], false, {
  retry: RetryPolicy.parse({ retryable: ['busy'], attempts: 4, firstMs: 2 }),
})
export const STRICT = skillManifest('test.strict', ['none'], true, {
  inputSchema: {
    type: 'object',
    properties: { path: { type: 'string' }, verdict: { type: 'string' } },
    required: ['path'],
    additionalProperties: false,
  },
})
/** Books a place, and says how that is undone. */
const BOOK = skillManifest('test.book', ['write'], true, {
  compensation: Compensation.parse({
    skill: 'test.unbook',
    input: { text: { $output: '/text' }, how: { $input: '/undo' } },
    on: ['fail', 'cancel'],
  }),
})
const UNBOOK = skillManifest('test.unbook', ['write'], true)
export const SKILLS = [READ, WRITE, PAY, STRICT, BOOK, UNBOOK]

/** An agent that proposes the plans of its input one after the other, then concludes with what it observed. */
export const SCRIPTED: AgentManifest = {
  agentId: 'scripted',
  version: '1.0.0',
  title: 'scripted',
  description: 'scripted',
  skills: [...SKILLS.map(({ skillId }) => skillId).filter((skillId) => skillId !== UNBOOK.skillId), RUN_START],
  inputSchema: { type: 'object' },
  entrypoint: 'agents/scripted.ts',
  codeDigest: CODE_DIGEST,
}

type Request = Omit<PerformRequest, 'type' | 'id'>

/** What the actions of a test do to the world. It outlives the servers of the test. */
export interface World {
  requests: Request[]
  /** How often each idempotency key took effect. */
  effects: Map<string, number>
  perform(request: Request, signal: AbortSignal): Promise<PerformResult>
}

const NODE = { node: 'test', isolation: 'none', log: '' }
const succeeded = (output: JsonObject): Outcome => ({
  ...NODE,
  state: 'succeeded',
  output,
  outputDigest: digestOf(output),
  durationMs: 1,
})
const ended = (state: 'failed' | 'cancelled', code: string = state): Outcome => ({
  ...NODE,
  state,
  durationMs: 1,
  error: { code, message: `it ${state}` },
})

/** Lets other things happen, as the way to a node and back does. */
const passing = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

const aborted = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))

/** Performs by the input's `how`: `fail`, `busy` for so many attempts as it has `times`, `hang` until it is aborted, `lose` at the first attempt, else at once. */
export function createWorld(): World {
  const requests: Request[] = []
  const effects = new Map<string, number>()
  return {
    requests,
    effects,
    async perform(request, signal) {
      if (signal.aborted) return { kind: 'aborted' }
      await passing()
      const { action, idempotencyKey } = request
      const { how, text = null } = action.input
      const earlier = requests.filter((other) => other.idempotencyKey === idempotencyKey).length
      requests.push(request)
      if (how === 'hang') {
        await aborted(signal)
        return { kind: 'outcome', outcome: ended('cancelled') }
      }
      if (how === 'busy' && earlier < Number(action.input.times))
        return { kind: 'outcome', outcome: ended('failed', 'busy') }
      if (how === 'fail') return { kind: 'outcome', outcome: ended('failed') }
      if (action.skillId !== PAY.skillId && effects.has(idempotencyKey))
        return { kind: 'outcome', outcome: succeeded({ text, again: true }) }
      effects.set(idempotencyKey, (effects.get(idempotencyKey) ?? 0) + 1)
      await passing()
      if (how === 'lose' && earlier === 0) return { kind: 'lost', node: 'test' }
      return { kind: 'outcome', outcome: succeeded({ text }) }
    },
  }
}
