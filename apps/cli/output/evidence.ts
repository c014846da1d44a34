import type { EvidenceReport } from '@azora/evidence'
import { printable, type Style } from './style.ts'

/** Each check on a line, what the evidence can't prove, and what both mean together. */
export function evidenceText(style: Style, report: EvidenceReport, trusted: boolean): string {
  const lines = report.checks.map(({ what, ok, flaw }) =>
    ok ? `${style.good('✓')} ${printable(what)}` : `${style.bad('✗')} ${printable(what)}: ${printable(flaw ?? '')}`,
  )
  const notProved = report.notProved.map((text) => `${style.quiet('·')} not proved: ${printable(text)}`)
  const about =
    report.about &&
    `run ${report.about.runId}: ${report.about.entries} entries from ${report.about.from} to ${report.about.to}`
  return [
    ...(about ? [style.quiet(printable(about))] : []),
    ...lines,
    ...(report.verified ? notProved : []),
    ...conclusion(style, report.verified, trusted),
  ].join('\n')
}

function conclusion(style: Style, verified: boolean, trusted: boolean): string[] {
  if (!verified) return [style.bad('the evidence does not verify')]
  if (trusted) return [style.good('the evidence verifies')]
  return [
    style.heed('the evidence is consistent, but it was not checked whose it is'),
    '  Give the key of the journal that you trust with --trusted-key.',
  ]
}
