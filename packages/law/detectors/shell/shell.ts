import type { Severity, Span } from '@azora/contracts'
import { presentable } from '../../facts/text.ts'
import type { ActionSubject, Detector, Fact } from '../detector.ts'
import type { Origin } from './command.ts'
import { readShell } from './commands.ts'
import { opensBackdoor } from './rules/backdoor.ts'
import { readsCredentials } from './rules/credentials.ts'
import { disablesDefences } from './rules/defences.ts'
import { destroys } from './rules/destroys.ts'
import { runsDownloads } from './rules/downloads.ts'
import { escalates } from './rules/escalates.ts'
import { exhausts } from './rules/exhausts.ts'
import { rewritesHistory } from './rules/history.ts'
import { persists } from './rules/persists.ts'
import type { Rule } from './rules/rule.ts'
import { problemsOf, unreadable } from './rules/unreadable.ts'

const RULES: readonly Rule[] = [
  destroys,
  rewritesHistory,
  runsDownloads,
  opensBackdoor,
  exhausts,
  escalates,
  persists,
  disablesDefences,
  readsCredentials,
  unreadable,
]

interface Finding {
  severity: Severity
  what: string
  confidence?: number
  origin: Origin
}

const MILDER: Readonly<Record<Severity, Severity>> = { CRITICAL: 'HIGH', HIGH: 'MEDIUM', MEDIUM: 'LOW', LOW: 'LOW' }
const RANK: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']
const MAX_SPANS = 8
const SHOWN = 5

/** What commands would do: command lines, the words of commands, and scripts that are written to be run later. */
export const shell: Detector<ActionSubject> = {
  name: 'shell',
  rules: RULES.map(({ rule }) => rule),
  find(subject) {
    const reading = readShell(subject)
    if (reading.commands.length === 0 && reading.problems.length === 0) return []
    return RULES.flatMap((rule) => {
      const found: Finding[] = rule
        .find(reading.commands, subject)
        .map(({ command, ...find }) => ({ ...find, origin: command.origin }))
      if (rule === unreadable) found.push(...problemsOf(reading))
      return found.length === 0 ? [] : [factFrom(rule, found)]
    })
  },
}

function factFrom({ rule, message, remedy }: Rule, found: readonly Finding[]): Fact {
  const judged = found.map((finding) => ({
    ...finding,
    severity: finding.origin.written ? MILDER[finding.severity] : finding.severity,
  }))
  const severity = RANK.find((rank) => judged.some((finding) => finding.severity === rank)) ?? 'CRITICAL'
  const gravest = judged.filter((finding) => finding.severity === severity)
  const confidence = Math.max(...gravest.map((finding) => finding.confidence ?? 1))
  const whats = [...new Set(gravest.map(({ what }) => what))]
  const rest = whats.length - SHOWN
  return {
    rule,
    article: '13',
    severity,
    message,
    evidence: presentable(whats.slice(0, SHOWN).join('; ') + (rest > 0 ? ` and ${rest} more` : '')),
    remedy,
    ...(confidence < 1 ? { confidence } : {}),
    spans: spansOf(gravest),
  }
}

function spansOf(found: readonly Finding[]): Span[] {
  const spans = new Map<string, Span>()
  for (const { origin } of found) {
    const span = { pointer: origin.pointer(), ...origin.span }
    spans.set(JSON.stringify(span), span)
    if (spans.size === MAX_SPANS) break
  }
  return [...spans.values()]
}
