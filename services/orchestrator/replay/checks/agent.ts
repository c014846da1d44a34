import { toAzoraError } from '@azora/base'
import type { Entry } from '@azora/contracts'
import { type AgentAnswer, concluded, questionOf, saidOf } from '../../driving/turn.ts'
import { type Check, compared, notCompared } from '../check.ts'
import { lawBehind } from './law.ts'
import { openMove } from './move.ts'
import type { Checker, Mind, Scene } from './scene.ts'

export const checkRecognized: Checker<'agent.recognized'> = async (scene, { payload }) => [
  openMove(scene, 'agent.recognized', 'recognize'),
  await asked(scene, { kind: 'agent', message: 'the agent recognizes something else' }, payload, (mind) =>
    recognizedBy(mind, scene),
  ),
]

export const checkProposed: Checker<'plan.proposed'> = async (scene, entry) => {
  const { turn, plan, note } = entry.payload
  const said = { plan, ...(note !== undefined && { note }) }
  const given = scene.past.fold.spec.plan
  return [
    openMove(scene, 'plan.proposed', `reason ${turn}`),
    given
      ? compared({ kind: 'plan', turn, message: 'the run was given another plan' }, said, { plan: given })
      : await asked(scene, { kind: 'agent', turn, message: 'the agent answers something else' }, said, (mind) =>
          reasonedBy(mind, scene, turn),
        ),
    ...(await planAgain(scene, entry)),
  ]
}

export const checkConcluded: Checker<'agent.concluded'> = async (scene, { payload }) => {
  const { turn, goal, outputs, summary } = payload
  const said = { goal, outputs, ...(summary !== undefined && { summary }) }
  const { fold } = scene.past
  const answer = fold.spec.plan
    ? compared(
        { kind: 'output', turn, message: 'the steps come to another conclusion' },
        payload,
        concluded(fold, turn).payload,
      )
    : await asked(scene, { kind: 'agent', turn, message: 'the agent answers something else' }, said, (mind) =>
        reasonedBy(mind, scene, turn),
      )
  return [openMove(scene, 'agent.concluded', `reason ${turn}`), answer]
}

/** What the agent says now, in the form of what is recorded; `error` when it fails. */
export async function recognizedBy(mind: Mind, { past: { fold } }: Pick<Scene, 'past'>): Promise<unknown> {
  const { runId, input } = fold.spec
  return saying(async () => ({ pattern: await mind.recognize({ runId, input }) }))
}

async function reasonedBy(mind: Mind, { past: { fold } }: Pick<Scene, 'past'>, turn: number): Promise<unknown> {
  return saying(async () => contentOf(await mind.reason(questionOf(fold, turn))))
}

/** The same, where an answer that is no valid plan is an `error` too. */
export async function decidedBy(
  mind: Mind,
  { past }: Pick<Scene, 'past'>,
  entry: Entry,
  turn: number,
): Promise<unknown> {
  return saying(async () => {
    const answer = await mind.reason(questionOf(past.fold, turn))
    saidOf({ registry: past.registryAt(entry), gate: UNJUDGED }, past.fold, turn, answer)
    return contentOf(answer)
  })
}

async function saying(say: () => Promise<unknown>): Promise<unknown> {
  try {
    return await say()
  } catch (thrown) {
    const { code, message, advice } = toAzoraError(thrown)
    if (advice === 'cancelled' || advice === 'bug') throw thrown
    return { error: { code, message } }
  }
}

/** An answer without its number. */
function contentOf({ id: _id, type: _type, ...content }: AgentAnswer): unknown {
  return content
}

async function asked(
  { mind }: Scene,
  about: { kind: 'agent'; turn?: number; message: string },
  recorded: unknown,
  ask: (mind: Mind) => Promise<unknown>,
): Promise<Check> {
  if (typeof mind === 'string') return notCompared(about, 'agent_not_asked', mind)
  return compared(about, recorded, await ask(mind))
}

/** Whether the recorded plan is valid, and what the constitution says of it. */
async function planAgain({ past, laws }: Scene, entry: Parameters<typeof checkProposed>[1]): Promise<Check[]> {
  const { turn, plan, result } = entry.payload
  const about = { kind: 'plan' as const, turn }
  const law = result && (await lawBehind(laws, result, about))
  // A plan without a verdict, or whose law is gone, must be valid all the same.
  const gate = law && 'gate' in law ? law.gate : { verifyPlan: () => result ?? NO_VERDICT }
  const now = planned(() =>
    saidOf({ registry: past.registryAt(entry), gate }, past.fold, turn, { type: 'plan', id: '', plan }),
  )
  const message = 'the plan is judged differently'
  const check = compared({ ...about, message }, { result: result ?? NO_VERDICT }, now)
  return law && 'missing' in law ? [check, law.missing] : [check]
}

/** Stands for the verdict on a plan that has none: it is older than such verdicts. */
const NO_VERDICT = { verdict: 'allow' as const, score: 100, reasons: [], constitution: '0'.repeat(64) }
const UNJUDGED = { verifyPlan: () => NO_VERDICT }

function planned(say: () => ReturnType<typeof saidOf>): unknown {
  try {
    const { payload } = say()
    return { result: 'result' in payload ? payload.result : undefined }
  } catch (thrown) {
    const { code, message, advice } = toAzoraError(thrown)
    if (advice === 'bug') throw thrown
    return { error: { code, message } }
  }
}
