import type { ActionView } from '@azora/contracts'
import { reasonText, verdictText } from '../output/reasons.ts'
import { padded, type Style, shorten } from '../output/style.ts'
import { duration } from '../output/text.ts'
import { isAtWork, type StepView } from './run-view.ts'

export interface LineOptions {
  style: Style
  /** Columns of the screen; reasons are cut to fit. */
  columns: number
  /** Stands before steps at work. */
  spinner: string
  nowMs: number
  /** Width of the column of skills. */
  skillWidth: number
}

type State = ActionView['state']

const WORDS: Partial<Record<State, string>> = {
  invalid: 'invalid',
  failed: 'failed',
  cancelled: 'cancelled',
  awaiting_review: 'awaits review',
  retrying: 'waits',
  waiting: 'waits',
}

/** `✓ git.clone  allow 100  read  1.2s`, without indentation. */
export function stepLine(step: StepView, options: LineOptions): string {
  const { style, skillWidth } = options
  const cells = [
    `${symbol(step, options)} ${padded(shorten(step.skill, 80), skillWidth)}`,
    padded(verdictText(step, style), 10),
    padded(style.quiet(step.effects.join(', ')), 11),
    timeText(step, options),
    wordOf(step, style),
  ]
  const line = cells
    .filter((cell, index) => index < 3 || cell !== '')
    .join('  ')
    .trimEnd()
  const why = whyText(step)
  return why === '' ? line : `${line} ${style.quiet('—')} ${shorten(why, Math.max(60, options.columns - 60))}`
}

function symbol(step: StepView, { style, spinner }: LineOptions): string {
  if (step.state === 'succeeded') return style.good('✓')
  if (step.state === 'awaiting_review') return style.heed('?')
  if (step.state === 'retrying' || step.state === 'waiting') return style.heed('↻')
  if (step.state === 'cancelled') return style.quiet('-')
  if (isAtWork(step)) return spinner
  return step.state === 'proposed' ? style.quiet('·') : style.bad('✗')
}

function timeText(step: StepView, { style, nowMs }: LineOptions): string {
  if (step.durationMs !== undefined) return style.quiet(duration(step.durationMs))
  return isAtWork(step) && step.startedAtMs !== undefined && nowMs > step.startedAtMs
    ? style.quiet(duration(nowMs - step.startedAtMs))
    : ''
}

function wordOf(step: StepView, style: Style): string {
  if (step.takenOver) return style.quiet([WORDS[step.state], 'taken over'].filter(Boolean).join(', '))
  const word = WORDS[step.state] ?? ''
  return step.state === 'awaiting_review' || word === WORDS.waiting ? style.heed(word) : style.bad(word)
}

/** Why a step was held up or didn't succeed. */
function whyText(step: StepView): string {
  if (step.state === 'denied' || step.state === 'awaiting_review') {
    return step.reasons.length === 0 ? (step.error?.message ?? '') : step.reasons.map(reasonText).join('; ')
  }
  if (step.state === 'waiting') return waitText(step)
  if (step.state === 'retrying') return `${step.error?.message ?? ''}; attempt ${step.attempt} at ${step.retryAt}`
  return step.state === 'failed' || step.state === 'invalid' ? (step.error?.message ?? '') : ''
}

const waitText = ({ waits: { until, signal } = {} }: StepView): string =>
  [signal === undefined ? '' : `for the signal ${signal}`, until === undefined ? '' : `until ${until}`]
    .filter(Boolean)
    .join(', ')
