import type {
  Difference,
  Divergence,
  Json,
  ReplayedRun,
  ReplayReport,
  ReplaysResult,
  VerdictChange,
} from '@azora/contracts'
import { reasonText } from '../../output/reasons.ts'
import { printable, type Style, shorten } from '../../output/style.ts'
import { duration, facts, indent, plural, table } from '../../output/text.ts'

const DIFFERENCES_SHOWN = 20

/** A replay for people: the verdict first, then what differs, then what could not be told. */
export function reportText(style: Style, report: ReplayReport, columns: number): string {
  const { against, agentId, agentVersion, replayed, divergences, moreDivergences, unreplayed, changes } = report
  const head = facts(style, [
    ['run', style.strong(report.runId)],
    ['agent', agentId && `${agentId} ${agentVersion}`],
    ['state', report.state],
    ['against', against === 'record' ? 'the record itself' : `${against} ${report.constitution ?? report.agent}`],
    ['entries', report.entries],
    [
      'replayed',
      Object.entries(replayed)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ') || 'nothing',
    ],
    ['took', duration(report.durationMs)],
  ])
  const more = moreDivergences === 0 ? [] : [style.quiet(`… ${plural(moreDivergences, 'more divergence')}`)]
  return [
    head,
    ...divergences.map((divergence) => divergenceText(style, divergence, columns)),
    ...more,
    ...(against === 'constitution' ? [changesText(style, changes, report.moreChanges)] : []),
    ...(unreplayed.length === 0 ? [] : [unreplayedText(style, report)]),
    outcomeText(style, report),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function divergenceText(style: Style, divergence: Divergence, columns: number): string {
  const { kind, index, entry, turn, step, message, differences, moreDifferences } = divergence
  const where = [
    ...(turn === undefined ? [] : [`turn ${turn + 1}`]),
    ...(step === undefined ? [] : [`step ${step}`]),
    `entry ${index} (${entry})`,
  ].join(', ')
  const shown = differences.slice(0, DIFFERENCES_SHOWN)
  const left = differences.length - shown.length + moreDifferences
  return [
    `${style.bad('≠')} ${style.strong(kind)}: ${message} ${style.quiet(`— ${printable(where)}`)}`,
    ...shown.flatMap((difference) => differenceLines(style, difference, columns)),
    ...(left === 0 ? [] : [style.quiet(`    … ${plural(left, 'more difference')}: --json has them`)]),
  ].join('\n')
}

function differenceLines(style: Style, { pointer, recorded, now }: Difference, columns: number): string[] {
  const from = typeof recorded === 'string' && typeof now === 'string' ? parting(recorded, now) : 0
  const line = (name: string, value: Json | undefined, paint: (text: string) => string): string =>
    `      ${style.quiet(name)}  ${value === undefined ? style.quiet('(nothing)') : paint(valueText(value, from, columns - 18))}`
  return [
    `    ${printable(pointer === '' ? '/' : pointer)}`,
    line('recorded', recorded, style.bad),
    line('now     ', now, style.good),
  ]
}

const LEAD = 20

/** One line of a value, from a little before the place where it differs. */
function valueText(value: Json, from: number, length: number): string {
  const start = Math.max(0, from - LEAD)
  const text = typeof value === 'string' ? JSON.stringify(value.slice(start)) : JSON.stringify(value)
  return shorten(start > 0 ? `…${text}` : text, Math.max(20, length))
}

function parting(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}

function changesText(style: Style, changes: readonly VerdictChange[], more: number): string {
  if (changes.length === 0) return 'No verdict changes.'
  const first = changes.find(({ hypothetical }) => !hypothetical)
  const note = `From entry ${first?.index} on the run might have gone another way: what follows it is hypothetical.`
  return [
    ...changes.map((change) => changeText(style, change)),
    ...(more === 0 ? [] : [style.quiet(`… ${plural(more, 'more change')}`)]),
    style.quiet(note),
  ].join('\n')
}

function changeText(style: Style, change: VerdictChange): string {
  const { about, step, skill, turn, from, to, before, after, index, hypothetical } = change
  const what = {
    plan: `the plan of turn ${(turn ?? 0) + 1}`,
    action: `${skill} (step ${step})`,
    output: 'the final output',
  }[about]
  const why = (reasons: VerdictChange['before']): string =>
    reasons.length === 0 ? '' : `: ${reasons.map((reason) => printable(reasonText(reason))).join('; ')}`
  return [
    `${style.bad('≠')} ${style.strong(printable(what))} ${style.quiet(`— entry ${index}${hypothetical ? ', hypothetical' : ''}`)}`,
    `    was ${from}${why(before)}`,
    `    would be ${to}${why(after)}`,
  ].join('\n')
}

const REASONS_SHOWN = 10

function unreplayedText(style: Style, { unreplayed, moreUnreplayed }: ReplayReport): string {
  const counts = new Map<string, { count: number; first: number }>()
  for (const { kind, message, index } of unreplayed) {
    const name = `${kind}: ${message}`
    const known = counts.get(name)
    counts.set(name, { count: (known?.count ?? 0) + 1, first: known?.first ?? index })
  }
  const rows = [...counts].slice(0, REASONS_SHOWN)
  const lines = rows.map(
    ([name, { count, first }]) =>
      `  ${printable(name)} ${style.quiet(count === 1 ? `— entry ${first}` : `— ${count} times, first at entry ${first}`)}`,
  )
  const left = counts.size - rows.length
  const total = unreplayed.length + moreUnreplayed
  return [
    style.heed(`${plural(total, 'decision')} could not be replayed`),
    ...lines,
    ...(left === 0 ? [] : [style.quiet(`  … ${left} more reasons: --json has them`)]),
  ].join('\n')
}

function outcomeText(style: Style, { outcome, stopped, against }: ReplayReport): string {
  if (outcome === 'same') return style.good('✓ the same decisions, all of them')
  if (outcome === 'incomplete') return style.heed('the same decisions, as far as they can be replayed')
  if (against === 'constitution') return style.bad('✗ another constitution would have decided otherwise')
  return style.bad(`✗ it diverges${stopped ? '; --all goes on after the first divergence' : ''}`)
}

export function severalText(style: Style, result: ReplaysResult, columns: number): string {
  const { total, same, diverged, incomplete, failed, byAgent, limited, durationMs } = result
  const count = (value: number, paint: (text: string) => string): string => (value === 0 ? '0' : paint(String(value)))
  const rows = [...byAgent, { agent: 'all', total, same, diverged, incomplete, failed }].map((row) => [
    printable(row.agent),
    String(row.total),
    String(row.same),
    count(row.diverged, style.bad),
    count(row.incomplete, style.heed),
    count(row.failed, style.bad),
  ])
  return [
    total === 0
      ? 'No run has ended that fits.'
      : table(style, ['agent', 'runs', 'same', 'diverged', 'incomplete', 'failed'], rows),
    ...result.runs.filter(({ divergence }) => divergence).map((run) => runText(style, run, columns)),
    style.quiet(
      `${plural(total, 'run')} in ${duration(durationMs)}${limited ? '; there are more: raise --limit' : ''}`,
    ),
  ].join('\n\n')
}

/** A run whose replay did not say `same`. */
function runText(
  style: Style,
  { runId, agent, state, outcome, divergence, why }: ReplayedRun,
  columns: number,
): string {
  const head = `${style.strong(runId)}  ${printable(agent)}  ${state}  ${outcome === 'incomplete' ? style.heed(outcome) : style.bad(outcome)}`
  const details = divergence ? divergenceText(style, divergence, columns - 2) : why && style.quiet(printable(why))
  return details ? `${head}\n${indent(details, 2)}` : head
}
