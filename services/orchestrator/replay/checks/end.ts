import type { Failure } from '@azora/contracts'
import { missedGoal, type OutputRuling, ruleOnOutput } from '../../judging/output.ts'
import { type Check, compared, notCompared } from '../check.ts'
import { diffOf } from '../diff.ts'
import { decidedBy, recognizedBy } from './agent.ts'
import { lawAt, lawBehind } from './law.ts'
import { openMove } from './move.ts'
import type { Checker, Scene } from './scene.ts'

const RULING = 'the ruling on the final output is another one'

export const checkValidated: Checker<'run.validated'> = async (scene, { header, payload }) => {
  const about = { kind: 'output' as const }
  const sinceMs = scene.past.course.open('validate')?.sinceMs ?? Date.parse(header.at)
  const move = openMove(scene, 'run.validated', 'validate')
  const law = await lawBehind(scene.laws, payload.result, about)
  if ('missing' in law) return [law.missing, move]
  const message = RULING
  return [
    compared({ ...about, message }, { validated: payload }, ruleOnOutput(law.gate, scene.past.fold, sinceMs)),
    move,
  ]
}

export const checkSucceeded: Checker<'run.succeeded'> = (scene) => [
  openMove(scene, 'run.succeeded', 'finish'),
  compared(
    { kind: 'transition', message: 'the goal was not reached' },
    { end: 'succeeded' },
    endOf(missedGoal(scene.past.fold)),
  ),
]

const endOf = (missed: Failure | undefined): unknown => (missed ? { error: missed } : { end: 'succeeded' })

/** Failures that come of the machine and the moment. */
const OF_THE_MOMENT = new Set(['agent_crashed', 'agent_timeout', 'overloaded'])

/** A run fails by what is decided, by its agent, or by something around it that nothing on record repeats. */
export const checkFailed: Checker<'run.failed'> = async (scene, entry) => {
  const { error } = entry.payload
  const { fold, course } = scene.past
  const decided = course.open(`fail ${error.code}`)?.decision
  if (decided?.do === 'fail')
    return [
      compared(
        { kind: 'transition', message: 'the run fails for another reason' },
        { error },
        { error: decided.error },
      ),
    ]
  if (fold.state === 'validated')
    return [
      openMove(scene, 'run.failed', 'finish'),
      compared({ kind: 'transition', message: 'the run does not fail by this' }, { error }, endOf(missedGoal(fold))),
    ]
  if (course.open('validate')) return outputRefused(scene, entry.header.at, error)
  const turn = course.open(`reason ${fold.turns}`) ? fold.turns : undefined
  if (!fold.spec.plan && (turn !== undefined || course.open('recognize')))
    return [await agentFailed(scene, entry, turn)]
  const message = `it failed with ${error.code}, which nothing on record leads to`
  return [notCompared({ kind: 'transition' }, 'not_reproducible', message)]
}

async function outputRefused(scene: Scene, at: string, error: Failure): Promise<Check[]> {
  const about = { kind: 'output' as const }
  const law = await lawAt(scene.laws, at, about)
  if ('missing' in law) return [law.missing]
  const ruling: OutputRuling = ruleOnOutput(law.gate, scene.past.fold, Date.parse(at))
  return [compared({ ...about, message: RULING }, { fail: error }, ruling)]
}

/** Failures of a plan that an agent proposed. */
const OF_THE_PLAN = new Set(['plan_invalid', 'actions_exceeded'])

async function agentFailed(
  scene: Scene,
  entry: Parameters<typeof checkFailed>[1],
  turn: number | undefined,
): Promise<Check> {
  const { mind } = scene
  const { error } = entry.payload
  const kind = OF_THE_PLAN.has(error.code) ? ('plan' as const) : ('agent' as const)
  const about = { kind, ...(turn !== undefined && { turn }) }
  if (typeof mind === 'string') return notCompared(about, 'agent_not_asked', mind)
  const now = turn === undefined ? await recognizedBy(mind, scene) : await decidedBy(mind, scene, entry, turn)
  const check = compared({ ...about, message: 'the agent does not fail in this way' }, { error }, now)
  if (!OF_THE_MOMENT.has(error.code) || diffOf(check.recorded, check.now).differences.length === 0) return check
  return notCompared(about, 'not_reproducible', `it failed with ${error.code}, which depends on the moment`)
}
