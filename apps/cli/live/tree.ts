import { isTerminal } from '@azora/contracts'
import { cancelText } from '../output/cancel.ts'
import { printable, type Style, shorten } from '../output/style.ts'
import { duration, indent } from '../output/text.ts'
import { hasEnded, type RunView, stepsOf } from './run-view.ts'
import { type LineOptions, stepLine } from './step-line.ts'

export type TreeOptions = Omit<LineOptions, 'skillWidth'>

/** The whole run as it stands, as lines. */
export function runTree(view: RunView, options: TreeOptions): string {
  const { style } = options
  const lineOptions = { ...options, skillWidth: skillWidthOf(view) }
  const turns = view.turns.map((turn) => {
    const heading = turnHeading(turn.turn, turn.note, style)
    return [heading, ...turn.steps.map((step) => indent(stepLine(step, lineOptions), 2))].join('\n')
  })
  const waiting = isReasoning(view) ? [`${options.spinner} ${style.quiet('the agent reasons')}`] : []
  const lines = [
    runHeading(view, options),
    ...[...turns, ...waiting].map((text) => indent(text, 2)),
    ...closing(view, style),
  ]
  return lines.join('\n')
}

export function runHeading(view: RunView, { style, nowMs }: Pick<TreeOptions, 'style' | 'nowMs'>): string {
  const end = view.finishedAtMs ?? nowMs
  const elapsed = view.scheduledAtMs === undefined ? '' : style.quiet(duration(end - view.scheduledAtMs))
  return [style.strong('run'), view.runId, view.agent, stateText(view.state, style), elapsed]
    .filter((part) => part !== '')
    .join('  ')
}

export function stateText(state: RunView['state'], style: Style): string {
  if (state === 'success') return style.good(state)
  if (state === 'fail' || state === 'cancelled') return style.bad(state)
  return state === 'paused' || state === 'awaiting_review' ? style.heed(state) : state
}

export const turnHeading = (turn: number, note: string | undefined, style: Style): string =>
  note === undefined ? style.quiet(`turn ${turn + 1}`) : `${style.quiet(`turn ${turn + 1}`)}  ${shorten(note, 100)}`

export const skillWidthOf = (view: RunView): number =>
  Math.min(40, Math.max(18, ...stepsOf(view).map(({ skill }) => skill.length)))

/** Nothing is at work, so it is the agent's turn; a run without an agent has only the one plan. */
const isReasoning = (view: RunView): boolean =>
  view.state === 'running' && view.agent !== 'direct' && view.outputs === undefined && stepsOf(view).every(hasEnded)

/** Why a run ended without success; undefined where nobody said so. */
export function endText({ state, error, cancel }: RunView): string | undefined {
  if (state === 'cancelled') return cancel && cancelText(cancel)
  return state === 'fail' ? error?.message : undefined
}

function closing(view: RunView, style: Style): string[] {
  const why = endText(view)
  if (why !== undefined) return [`  ${style.bad('✗')} ${printable(why)}`]
  const reviewed = view.state === 'awaiting_review' || stepsOf(view).some(({ state }) => state === 'awaiting_review')
  if (!reviewed || isTerminal(view.state)) return []
  return [`  ${style.heed('?')} waits for people: azora review list`]
}
