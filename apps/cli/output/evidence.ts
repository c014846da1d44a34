import type { EvidenceReport } from '@azora/proof'
import { printable, type Style } from './style.ts'

/** Each check on a line, then what they mean together. */
export function evidenceText(style: Style, { checks, verified }: EvidenceReport, trusted: boolean): string {
  const lines = checks
    // Without a trusted key there was nothing to compare.
    .filter((_, index) => trusted || index > 0)
    .map(({ what, ok, flaw }) =>
      ok ? `${style.good('✓')} ${what}` : `${style.bad('✗')} ${what}: ${printable(flaw ?? '')}`,
    )
  return [...lines, ...conclusion(style, verified, trusted)].join('\n')
}

function conclusion(style: Style, verified: boolean, trusted: boolean): string[] {
  if (!verified) return [style.bad('the evidence does not verify')]
  if (trusted) return [style.good('the evidence verifies')]
  return [
    style.heed('the evidence is consistent, but it was not checked whose it is'),
    '  Give the key of the journal that you trust with --trusted-key.',
  ]
}
