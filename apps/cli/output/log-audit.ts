import { flawText } from '@azora/audit'
import type { LogProgress, LogReport } from '../audit-log/verify.ts'
import { printable, type Style } from './style.ts'

const count = new Intl.NumberFormat('en')

/** What was found out about the whole log. */
export function logText(style: Style, report: LogReport): string {
  const { flaw, from, size, origin, trusted } = report
  if (flaw) return [`${style.bad('✗')} ${printable(flawText(flaw))}`, style.bad('the log does not verify')].join('\n')
  const good = (text: string): string => `${style.good('✓')} ${text}`
  const range = from === 0 ? `all ${count.format(size)} entries` : `the entries ${from} to ${size - 1}`
  return [
    good(`${range} of ${printable(origin)} are in place, canonical and unaltered, and time never runs backwards`),
    good(`their tree has the root of the newest public checkpoint, and its kept nodes agree`),
    good(`${count.format(report.runs)} runs begin there; every run follows the lifecycle and lacks no entry`),
    good(`${count.format(report.erased)} payloads are erased, each on record; all others are those committed to`),
    good(trusted ? 'the checkpoint is signed by the trusted key, or one that it leads to' : 'the checkpoint is signed'),
    `  ${count.format(report.entriesPerSecond)} entries/s, ${report.seconds.toFixed(1)} s`,
    ...(trusted
      ? [style.good('the log verifies')]
      : [
          style.heed('the log is consistent, but it was not checked whose it is'),
          '  Give the key of the journal that you trust with --trusted-key.',
        ]),
  ].join('\n')
}

export function progressText({ done, of, seconds }: LogProgress): string {
  const rate = done / Math.max(seconds, 0.001)
  const left = rate > 0 ? Math.ceil((of - done) / rate) : 0
  const share = of === 0 ? 100 : Math.floor((done / of) * 100)
  return `${count.format(done)} of ${count.format(of)} entries, ${share} %, ${count.format(Math.round(rate))}/s, ${left} s left`
}
