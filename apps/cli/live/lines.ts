import { type EntryRecord, isTerminal } from '@azora/contracts'
import { type Style, shorten } from '../output/style.ts'
import { applyEntry } from './fold.ts'
import { hasEnded, type RunView, type StepView, stepsOf } from './run-view.ts'
import { stepLine } from './step-line.ts'
import { endText, runHeading, skillWidthOf, stateText, turnHeading } from './tree.ts'

/**
 * Takes an entry into the view and answers the lines that tell it, for output that only grows: the plan of a turn, each
 * step when it has ended or waits for people, and the states of the run.
 */
export function tellEntry(view: RunView, entry: EntryRecord, style: Style, columns: number): string[] {
  const before = new Map(stepsOf(view).map(({ stepId, state }) => [stepId, state]))
  const turnsBefore = view.turns.length
  applyEntry(view, entry)
  const nowMs = Date.parse(entry.header.at)
  const options = { style, columns, spinner: '…', nowMs, skillWidth: skillWidthOf(view) }
  const plans = view.turns.slice(turnsBefore).map(({ turn, note, steps }) => {
    const skills = steps.map(({ skill }) => skill).join(', ')
    return `  ${turnHeading(turn, note ?? skills, style)}`
  })
  const steps = stepsOf(view)
    .filter((step) => isNews(step, before.get(step.stepId)))
    .map((step) => `    ${stepLine(step, options)}`)
  return [...heading(view, entry, style, nowMs), ...plans, ...steps, ...stateLines(view, entry, style)]
}

function heading(view: RunView, entry: EntryRecord, style: Style, nowMs: number): string[] {
  return entry.header.kind === 'run.scheduled' ? [runHeading(view, { style, nowMs })] : []
}

function stateLines(view: RunView, entry: EntryRecord, style: Style): string[] {
  const to = entry.header.transition?.to
  if (to === undefined || to === 'scheduled') return []
  const hint = to === 'awaiting_review' ? `  ${style.quiet('decide with azora review list')}` : ''
  if (!isTerminal(to)) return [`  ${style.quiet('state')} ${stateText(to, style)}${hint}`]
  const why = endText(view)
  const said = why === undefined ? '' : `  ${style.quiet('—')} ${shorten(why, 200)}`
  return [`${runHeading(view, { style, nowMs: Date.parse(entry.header.at) })}${said}`]
}

function isNews(step: StepView, before: StepView['state'] | undefined): boolean {
  return step.state !== before && (hasEnded(step) || step.state === 'awaiting_review')
}
