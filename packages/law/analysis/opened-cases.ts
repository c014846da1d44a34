import { canonical } from '@azora/proof'
import { type CaseResult, judgeCase } from '../cases/run.ts'
import { casesOf, type LawVersion, type PlacedCase } from './version.ts'
import { OPENNESS, type Weakening } from './weakening.ts'

/** A case of either version under both laws. */
export interface ComparedCase extends PlacedCase {
  /** True for one that the new version has and the old one had not, or had with another request or expectation. */
  fresh: boolean
  before: CaseResult
  after: CaseResult
  /** What the case expects in each version that has it. */
  expected: { before?: PlacedCase['example']['expect']; after?: PlacedCase['example']['expect'] }
}

/** Every case of both versions, each run with the base request of its own version. */
export function compareCases(before: LawVersion, after: LawVersion): ComparedCase[] {
  const [old, now] = [byKey(before), byKey(after)]
  const sameBase = canonical(before.cases.base) === canonical(after.cases.base)
  const run = (placed: PlacedCase, version: LawVersion, fresh: boolean): ComparedCase => {
    const [earlier, later] = [old.get(placed.key), now.get(placed.key)]
    return {
      ...placed,
      fresh,
      before: judgeCase(before.gate, version.cases.base, placed.example),
      after: judgeCase(after.gate, version.cases.base, placed.example),
      expected: {
        ...(earlier ? { before: earlier.example.expect } : {}),
        ...(later ? { after: later.example.expect } : {}),
      },
    }
  }
  const isKept = ({ key, example }: PlacedCase): boolean => {
    const later = now.get(key)
    return later !== undefined && canonical(later.example) === canonical(example)
  }
  return [
    ...[...old.values()].filter((placed) => !sameBase || !isKept(placed)).map((placed) => run(placed, before, false)),
    ...[...now.values()].map((placed) => {
      const earlier = old.get(placed.key)
      return run(placed, after, !earlier || canonical(earlier.example) !== canonical(placed.example))
    }),
  ]
}

const byKey = (version: LawVersion): Map<string, PlacedCase> =>
  new Map(casesOf(version).map((placed) => [placed.key, placed]))

/** Cases that are gone, that expect more, or that the new law lets further than the old one. */
export function weakenedCases(before: LawVersion, after: LawVersion, compared: readonly ComparedCase[]): Weakening[] {
  const now = byKey(after)
  const kept = new Set([...now.values()].map(contentOf))
  const texts = [...byKey(before).values()].flatMap((placed): Weakening[] => {
    const later = now.get(placed.key)
    if (later) return expectsMore(placed, later)
    return kept.has(contentOf(placed))
      ? []
      : [about(placed, 'case_removed', `The case "${placed.example.name}" is gone.`)]
  })
  const said = new Set(texts.map(({ kind, article, name }) => `${kind} ${article}: ${name}`))
  const run = compared
    .filter(({ before: old, after: new_ }) => OPENNESS[new_.verdict] > OPENNESS[old.verdict])
    .filter(({ key }) => !said.has(`case_opened ${key}`))
    .map((placed) => about(placed, 'case_opened', openedMessage(placed, placed.before.verdict, placed.after.verdict)))
  return [...texts, ...new Map(run.map((weakening) => [`${weakening.article}: ${weakening.name}`, weakening])).values()]
}

function expectsMore(old: PlacedCase, now: PlacedCase): Weakening[] {
  const [from, to] = [old.example.expect.verdict, now.example.expect.verdict]
  return OPENNESS[to] > OPENNESS[from] ? [about(now, 'case_opened', openedMessage(now, from, to))] : []
}

const openedMessage = ({ example }: PlacedCase, from: string, to: string): string =>
  `The case "${example.name}" had the verdict ${from} and has ${to}.`

/** A case whatever its name. */
function contentOf({ article, example: { name: _, ...content } }: PlacedCase): string {
  return `${article} ${canonical(content)}`
}

const about = ({ article, file, example }: PlacedCase, kind: Weakening['kind'], message: string): Weakening => ({
  kind,
  article,
  name: example.name,
  file,
  message,
})
