import type { BacktestExample, BacktestResult, Reason, Verdict, VerificationResult } from '@azora/contracts'
import type { ScannedEntry } from '@azora/journal'

/** Two verdicts on the same request. */
export interface Rejudged {
  entry: ScannedEntry
  about: { agent: string; skill?: string; step?: string }
  before: { verdict: Verdict; reasons: readonly Reason[] }
  after: Pick<VerificationResult, 'verdict' | 'reasons'>
}

export interface Tally {
  skip(): void
  count(rejudged: Rejudged): void
  judged(): number
  result(): Omit<BacktestResult, 'draft' | 'durationMs'>
}

/** Names of one sort that are counted each by itself; the rest is counted together. */
const NAMES_MAX = 500
const OTHERS = '(others)'
/** Stands for the skill of a run's final output. */
const OUTPUT = '(output)'
const REASONS_SHOWN = 20

/** Counts the verdicts that changed, and keeps the first few. Its memory is bounded, whatever it counts. */
export function createTally(examplesMax: number): Tally {
  let judged = 0
  let skipped = 0
  let changed = 0
  const all = createCounter()
  const byArticle = createCounter()
  const byAgent = createCounter()
  const bySkill = createCounter()
  const examples: BacktestExample[] = []

  return {
    skip() {
      skipped += 1
    },
    count(rejudged) {
      judged += 1
      const { about, before, after } = rejudged
      if (before.verdict === after.verdict) return
      changed += 1
      const change = `${before.verdict} ${after.verdict}`
      all.add('', change)
      for (const article of articlesOf(before.reasons, after.reasons)) byArticle.add(article, change)
      byAgent.add(about.agent, change)
      bySkill.add(about.skill ?? OUTPUT, change)
      if (examples.length < examplesMax) examples.push(exampleOf(rejudged))
    },
    judged: () => judged,
    result: () => ({
      judged,
      skipped,
      unchanged: judged - changed,
      changes: all.rows().map(([, change]) => change),
      byArticle: byArticle.rows().map(([article, change]) => ({ article, ...change })),
      byAgent: byAgent.rows().map(([agent, change]) => ({ agent, ...change })),
      bySkill: bySkill.rows().map(([skill, change]) => ({ skill, ...change })),
      examples,
    }),
  }
}

/** Articles of the reasons that only one side gives; of all, when only the thresholds differ. */
function articlesOf(before: readonly Reason[], after: readonly Reason[]): Set<string> {
  const missingIn = (others: readonly Reason[]) => {
    const known = new Set(others.map(({ rule, severity }) => `${rule} ${severity}`))
    return ({ rule, severity }: Reason) => !known.has(`${rule} ${severity}`)
  }
  const differing = [...before.filter(missingIn(after)), ...after.filter(missingIn(before))]
  return new Set((differing.length > 0 ? differing : [...before, ...after]).map(({ article }) => article))
}

function exampleOf({ entry, about, before, after }: Rejudged): BacktestExample {
  const { at, run } = JSON.parse(entry.header)
  return {
    index: entry.index,
    at,
    ...(run && { run }),
    ...about,
    from: before.verdict,
    to: after.verdict,
    before: before.reasons.slice(0, REASONS_SHOWN),
    after: after.reasons.slice(0, REASONS_SHOWN),
  }
}

interface Counted {
  from: Verdict
  to: Verdict
  count: number
}

/** Counts changes by name, the most frequent first. */
function createCounter() {
  const counts = new Map<string, Map<string, number>>()
  return {
    add(name: string, change: string): void {
      const key = counts.has(name) || counts.size < NAMES_MAX ? name : OTHERS
      const own = counts.get(key) ?? new Map<string, number>()
      own.set(change, (own.get(change) ?? 0) + 1)
      counts.set(key, own)
    },
    rows: (): Array<[string, Counted]> =>
      [...counts]
        .flatMap(([name, own]) =>
          [...own].map(([change, count]): [string, Counted] => {
            const [from, to] = change.split(' ') as [Verdict, Verdict]
            return [name, { from, to, count }]
          }),
        )
        .sort(([, a], [, b]) => b.count - a.count),
  }
}
