import type { Reason, Verdict } from '@azora/contracts'
import { printable, type Style } from './style.ts'

export interface Judged {
  verdict?: Verdict | undefined
  score?: number | undefined
}

export function verdictText({ verdict, score }: Judged, style: Style): string {
  if (verdict === undefined) return ''
  const text = score === undefined ? verdict : `${verdict} ${score}`
  if (verdict === 'allow') return style.good(text)
  return verdict === 'deny' ? style.bad(text) : style.heed(text)
}

export const reasonText = ({ article, message }: Reason): string =>
  /^\d+$/.test(article) ? `Article ${article}: ${message}` : `${article}: ${message}`

/** A reason whole: the article, what led to it and what would mend it. */
export function reasonLines(reason: Reason, style: Style): string[] {
  return [
    `${printable(reasonText(reason))} ${style.quiet(`(${printable(reason.rule)}, ${reason.severity})`)}`,
    ...(reason.evidence === undefined ? [] : [`  ${style.quiet('because')} ${printable(reason.evidence)}`]),
    ...(reason.remedy === undefined ? [] : [`  ${printable(reason.remedy)}`]),
  ]
}
