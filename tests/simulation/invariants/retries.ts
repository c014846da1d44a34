import type { EntryPayload, RetryPolicy, Step } from '@azora/contracts'
import { isRepeatable, PAY_RETRY } from '../cast/releases.ts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower } from './log.ts'
import { takenEntries } from './taken.ts'

interface Tried {
  step: Step
  /** Of its skill, when it was judged. */
  version: string
  failures: number
  /** When the next attempt may begin. */
  dueMs: number
}

/** Errors that the simulated world gives a reason to try again for. */
const MEANT = new Set(['busy', 'broken'])

/**
 * What fails is attempted as often as its policy says, and not before its time; what may have happened is not.
 *
 * @param shownMs the latest time that a server has read off its clock
 */
export function createRetryChecks(shownMs: () => number): Follower {
  /** By run and step. */
  const all = new Map<string, Tried>()

  function plan(run: string, steps: readonly Step[]): void {
    for (const step of steps) all.set(`${run} ${step.id}`, { step, version: '', failures: 0, dueMs: 0 })
  }

  function finish(run: string, { stepId, outcome, retry }: EntryPayload<'action.finished'>, at: string): void {
    const about = `${run} ${stepId}`
    const tried = all.get(about)
    if (!tried) return
    const { error, node } = outcome
    const policy = policyOf(tried.step)
    const code = error?.code ?? ''
    const hasFailed = outcome.state === 'failed' && node !== 'none' && code !== 'hopeless'
    const isWorthIt = policy !== undefined && hasFailed && isHarmless(tried, code)
    const isLeft = policy !== undefined && tried.failures + 2 <= policy.attempts
    if (!retry) {
      must(!isWorthIt || !isLeft || !MEANT.has(code), 'what may be tried again is', `${about} ${code}`)
      return
    }
    must(isLeft && retry.attempt === tried.failures + 2, 'attempts are counted', `${about} ${retry.attempt}`)
    must(isWorthIt, 'only what is known not to have happened is tried again', `${about} ${code}`)
    must(retry.waitMs <= policy.maxMs, 'a wait has a limit', `${about} ${retry.waitMs}`)
    tried.failures += 1
    tried.dueMs = Date.parse(at) + retry.waitMs
  }

  return {
    take(stored) {
      const { run = '', at } = stored.header
      const scheduled = payloadOf(stored, 'run.scheduled')
      if (scheduled) {
        plan(run, scheduled.spec.plan?.steps ?? [])
        for (const taken of takenEntries(scheduled))
          plan(run, payloadOf(taken as Stored, 'plan.proposed')?.plan.steps ?? [])
      }
      plan(run, payloadOf(stored, 'plan.proposed')?.plan.steps ?? [])
      plan(run, payloadOf(stored, 'compensation.begun')?.steps.map(({ step }) => step) ?? [])
      const finished = payloadOf(stored, 'action.finished')
      if (finished) finish(run, finished, at)
      const verified = payloadOf(stored, 'action.verified')
      const tried = all.get(`${run} ${verified?.action.stepId}`)
      if (tried && verified) tried.version = verified.action.skillVersion
      const dueMs = tried?.dueMs ?? 0
      must(!verified?.permission || shownMs() >= dueMs, 'no time comes early', `${run} ${verified?.action.stepId}`)
    },
  }
}

const policyOf = ({ skill, retry }: Step): RetryPolicy | undefined =>
  retry ?? (skill === 'sim.pay' ? PAY_RETRY : undefined)

const isHarmless = ({ step: { skill }, version }: Tried, code: string): boolean =>
  isRepeatable({ skillId: skill, skillVersion: version }) || (skill === 'sim.pay' && code === 'busy')
