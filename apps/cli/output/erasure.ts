import type {
  EntryRanges,
  ErasurePreview,
  ErasureSelection,
  ErasureView,
  RetentionRun,
  RetentionView,
} from '@azora/contracts'
import { printable, type Style } from './style.ts'
import { facts, indent, plural, table, time } from './text.ts'

const RANGES_SHOWN = 12

/** Ranges of indexes as people write them: `12, 20–31`. */
function rangesText(ranges: EntryRanges): string {
  const shown = ranges.slice(0, RANGES_SHOWN).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
  const left = ranges.length - shown.length
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} and ${plural(left, 'more range')}`
}

function selectionText(selection: ErasureSelection): string {
  if (selection.by === 'subject') return `runs about ${selection.subject}`
  if (selection.by === 'run') return `run ${selection.runId}`
  if (selection.by === 'entries') return 'named entries'
  return `${selection.class} before ${selection.before}`
}

/** What would be erased and what is kept, before anybody says yes. */
export function previewText(style: Style, preview: ErasurePreview): string {
  const { count, entries, byKind, runs, runCount, kept, openRuns, more } = preview
  if (count === 0) return [style.heed('there is nothing to erase'), ...openText(style, openRuns)].join('\n')
  const head = facts(style, [
    ['erases', style.strong(`${plural(count, 'payload')} of ${plural(runCount, 'run')}`)],
    ['entries', rangesText(entries)],
    ['digest', preview.digest],
  ])
  const shownRuns = runs.slice(0, 20).map(({ runId, entries: own }) => [runId, String(own)])
  return [
    head,
    table(
      style,
      ['kind', 'payloads'],
      byKind.map(({ kind, count: own }) => [kind, String(own)]),
    ),
    table(style, ['run', 'payloads'], shownRuns),
    ...(runCount > shownRuns.length ? [style.quiet(`and ${plural(runCount - shownRuns.length, 'more run')}`)] : []),
    ...(kept.length === 0
      ? []
      : [`kept:\n${indent(kept.map(({ kind, count: own, reason }) => `${own} × ${kind}: ${reason}`).join('\n'), 2)}`]),
    ...(byKind.some(({ kind }) => kind === 'action.finished')
      ? [
          'workspaces and artifacts of runs whose outcomes are erased go too; files that were handed over stay for their seven days, see azora artifact list',
        ]
      : []),
    ...openText(style, openRuns),
    ...(more ? [style.heed('this is a part of it: erase it, then run the same command again for the rest')] : []),
  ].join('\n')
}

const openText = (style: Style, open: ErasurePreview['openRuns']): string[] =>
  open.length === 0
    ? []
    : [
        style.heed(`${plural(open.length, 'run')} not ended, so nothing of it is erased:`),
        indent(open.map(({ runId, state }) => `${runId} (${state})`).join('\n'), 2),
      ]

export function erasureText(style: Style, view: ErasureView, more: boolean): string {
  const { count, rule, erasureId, state, index } = view
  const done =
    state === 'completed'
      ? `${style.good('✓')} erased ${plural(count, 'payload')} under ${printable(rule)}`
      : `${style.heed('…')} the erasure is on record and goes on; see azora audit erasures`
  return [
    done,
    `  erasure ${erasureId}, entry ${index} of the journal`,
    ...(more ? [style.heed('  there is more: run the same command again')] : []),
  ].join('\n')
}

export function erasuresText(style: Style, items: readonly ErasureView[], next: string | undefined): string {
  if (items.length === 0) return style.quiet('nothing was erased')
  const rows = items.map((view) => [
    String(view.index),
    time(view.at),
    view.state,
    String(view.count),
    selectionText(view.selection),
    view.by,
    printable(view.rule),
  ])
  const text = table(style, ['entry', 'at (UTC)', 'state', 'payloads', 'of', 'by', 'under'], rows)
  return next === undefined ? text : `${text}\n${style.quiet(`more: --cursor ${next}`)}`
}

export const rulesText = (style: Style, items: readonly RetentionView[]): string =>
  items.length === 0
    ? style.quiet('no rules: payloads are kept until somebody erases them')
    : table(
        style,
        ['class', 'days', 'under', 'by', 'since'],
        items.map(({ class: name, days, rule, by, since }) => [name, String(days), printable(rule), by, since]),
      )

export const retentionRunText = (style: Style, items: readonly RetentionRun[], dryRun: boolean): string =>
  items.length === 0
    ? style.quiet('no rules: nothing is erased by its age')
    : table(
        style,
        ['class', dryRun ? 'would erase' : 'erased', 'older than', 'under'],
        items.map(({ class: name, count, more, before, rule }) => [
          name,
          `${count}${more ? ' and more' : ''}`,
          before,
          printable(rule),
        ]),
      )
