import type { ActionView, RunDetail } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { hasEnded } from '../../live/run-view.ts'
import { stepLine } from '../../live/step-line.ts'
import { stateText } from '../../live/tree.ts'
import { runUseText } from '../../output/budgets.ts'
import { cancelText } from '../../output/cancel.ts'
import { reasonLines } from '../../output/reasons.ts'
import { scopeText } from '../../output/scope.ts'
import { printable, type Style, shorten } from '../../output/style.ts'
import { bytes, duration, facts, indent, plural } from '../../output/text.ts'
import { endingText, usageText } from '../../output/usage.ts'
import type { AddCommand } from '../../shell.ts'
import { afterText } from './after-text.ts'

export const addShow: AddCommand = (parent, shell) => {
  parent
    .command('show')
    .argument('<run>', 'id of the run')
    .description('show a run with its actions, verdicts and outputs')
    .addHelpText('after', '\nExamples:\n  $ azora run show RUN\n  $ azora run show RUN --json | jq .actions[].verdict')
    .action(async (runId: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const id = runIdOf(runId)
        const run = await (await client()).run(id)
        screen.show(run, () => runText(screen.style, run, screen.stream.columns ?? 120))
        return EXIT.ok
      })
    })
}

/** What nobody chose isn't said. */
const DEFAULT_PRIORITY = 5

export function runText(style: Style, run: RunDetail, columns: number): string {
  const { scope, startedAt, finishedAt } = run
  const head = facts(style, [
    ['run', style.strong(run.id)],
    ['agent', `${run.agentId} ${run.agentVersion}`],
    ['state', stateText(run.state, style)],
    ['because', run.pauseReason && printable(run.pauseReason)],
    ['owner', run.owner],
    ['created', run.createdAt],
    ['ended', finishedAt],
    ['took', startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : undefined],
    ['input', run.erased ? style.heed('erased') : shorten(JSON.stringify(run.input), columns)],
    ['scope', run.erased ? style.heed('erased') : scopeText(scope)],
    ['priority', run.priority === DEFAULT_PRIORITY ? undefined : run.priority],
    ['shard', run.shard],
    ['budget', runUseText(run)],
    ['deadline', run.deadline],
    ['starts', startedAt === undefined && !finishedAt ? run.startAt : undefined],
    ['after', afterText(run)],
    ['retry of', run.retryOf],
    ['fork of', run.forkOf && `${run.forkOf.run}${run.forkOf.step === undefined ? '' : ` from ${run.forkOf.step}`}`],
    ['child of', run.parent && `${run.parent.run}, step ${run.parent.step}`],
    ['proof', run.verificationProof && `entry ${run.verificationProof.index} of ${run.verificationProof.shard}`],
    ['cancel', run.cancel && cancelText(run.cancel)],
    ['error', run.error && style.bad(printable(run.error.message))],
    ...(run.erasures ?? []).map(({ entries, rule, at, index }): [string, string] => [
      'erased',
      style.heed(`${plural(entries, 'payload')} under ${printable(rule)} at ${at} (entry ${index})`),
    ]),
  ])
  const skillWidth = Math.min(40, Math.max(18, ...run.actions.map(({ skill }) => skill.length)))
  const actions = run.actions.map((action) => actionText(style, endedWith(run, action), columns, skillWidth))
  const outputs =
    run.outputs === undefined ? [] : [`${style.quiet('outputs')}\n${indent(outputsText(run.outputs, columns), 2)}`]
  return [head, ...(actions.length === 0 ? [] : [actions.join('\n')]), ...outputs].join('\n\n')
}

/** What a cancelled run had not ended waits for nothing any more. */
const endedWith = ({ state }: RunDetail, action: ActionView): ActionView =>
  state === 'cancelled' && !hasEnded(action) ? { ...action, state: 'cancelled' } : action

function actionText(style: Style, action: ActionView, columns: number, skillWidth: number): string {
  const { reasons, ...rest } = action
  const line = stepLine({ ...rest, reasons: [] }, { style, columns, spinner: '…', nowMs: 0, skillWidth })
  const [used, ended] = [usageText(action), endingText(action)]
  const details = [
    `${style.quiet('step')}    ${stepText(action)}`,
    ...(action.reason === undefined ? [] : [`${style.quiet('why')}     ${shorten(action.reason, columns - 14)}`]),
    `${style.quiet('input')}   ${shorten(JSON.stringify(action.input), columns - 14)}`,
    ...reasons.flatMap((reason) =>
      reasonLines(reason, style).map((line, at) => `${at === 0 ? style.quiet('law') : '   '}     ${line}`),
    ),
    ...waitsLines(style, action),
    ...(action.child === undefined ? [] : [`${style.quiet('run')}     ${action.child}`]),
    ...(action.attempt === undefined ? [] : [`${style.quiet('attempt')} ${action.attempt}`]),
    ...(ended === undefined ? [] : [`${style.quiet('ended')}   ${ended}`]),
    ...(used === undefined ? [] : [`${style.quiet('used')}    ${used}`]),
    ...egressLines(style, action.egress ?? []),
  ]
  return `${line}\n${indent(details.join('\n'), 4)}`
}

/** The name by which a fork begins from it, and what it undoes where it isn't proposed. */
const stepText = ({ stepId, compensates }: ActionView): string =>
  compensates === undefined ? printable(stepId) : `${printable(stepId)}, undoes ${printable(compensates)}`

/** Of what isn't said by the state. */
function waitsLines(style: Style, { waits = {} }: ActionView): string[] {
  const { steps, review, run, budget, place } = waits
  const what = [
    steps && `for ${steps.length === 1 ? 'the step' : 'the steps'} ${printable(steps.join(', '))}`,
    review && `for people: azora review show ${review}`,
    run && 'for the run that it started',
    budget && "for what other steps hold of the run's budget",
    place && `for a place on a node of the shard ${place}`,
  ]
  return what.flatMap((text) => (text ? [`${style.quiet('waits')}   ${text}`] : []))
}

function egressLines(style: Style, egress: NonNullable<ActionView['egress']>): string[] {
  return egress.map(({ host, port, verdict, reason, connections, up, down }, at) => {
    const what = verdict === 'allowed' ? `${bytes(up)} up, ${bytes(down)} down` : style.bad(`refused: ${reason}`)
    const where = `${printable(host)}:${port}${connections > 1 ? ` ×${connections}` : ''}`
    return `${at === 0 ? style.quiet('reached') : '       '} ${where}  ${what}`
  })
}

const LONGEST_OUTPUT_LINES = 40

function outputsText(outputs: unknown, columns: number): string {
  const lines = JSON.stringify(outputs, null, 2).split('\n')
  const shown = lines.slice(0, LONGEST_OUTPUT_LINES).map((line) => cut(printable(line), columns))
  const left = lines.length - shown.length
  return left === 0 ? shown.join('\n') : `${shown.join('\n')}\n… ${left} more lines: --json has all`
}

const cut = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, columns - 1)}…`
