import type { CaseOutcome, LawFinding } from '@azora/law'
import { printable, type Style } from './style.ts'
import { plural } from './text.ts'

/** Each case that failed with what it expects and what it got, then the counts. */
export function outcomesText(style: Style, outcomes: readonly CaseOutcome[]): string {
  const failures = outcomes.filter(({ passed }) => !passed)
  const lines = failures.flatMap(({ file, name, expected, actual }) => [
    `${style.bad('✗')} ${printable(name)} ${style.quiet(printable(file))}`,
    `    ${style.quiet('expected')} ${verdictOf(expected)}`,
    `    ${style.quiet('actual  ')} ${verdictOf(actual)}`,
  ])
  const passed = outcomes.length - failures.length
  const counts = `${passed} of ${plural(outcomes.length, 'case')} passed`
  return [...lines, failures.length === 0 ? style.good(counts) : style.bad(counts)].join('\n')
}

const verdictOf = ({ verdict, rules }: CaseOutcome['expected']): string =>
  `${verdict}${rules.length === 0 ? '' : `: ${printable(rules.join(', '))}`}`

export function findingsText(style: Style, findings: readonly LawFinding[]): string {
  const lines = findings.map(({ severity, policy, file, message }) => {
    const mark = severity === 'error' ? style.bad('✗') : style.heed('!')
    return `${mark} ${policy === undefined ? '' : `${style.strong(policy)} `}${style.quiet(printable(file))}\n    ${printable(message)}`
  })
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const counts = `${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`
  return [...lines, findings.length === 0 ? style.good('the law is valid and nothing speaks against it') : counts].join(
    '\n',
  )
}

export interface GateLine {
  file: string
  message: string
  fails: boolean
  remedies: readonly string[]
}

export function gateText(style: Style, passed: boolean, reasons: readonly GateLine[]): string {
  const lines = reasons.flatMap(({ file, message, fails, remedies }) => [
    `${fails ? style.bad('✗') : style.heed('!')} ${printable(message)} ${style.quiet(printable(file))}`,
    ...remedies.map((remedy) => `    ${printable(remedy)}`),
  ])
  if (!passed) return [...lines, style.bad('the change may not go in as it is')].join('\n')
  const why = reasons.length === 0 ? 'the change weakens nothing' : 'the change owns up to what it weakens'
  return [...lines, style.good(why)].join('\n')
}
