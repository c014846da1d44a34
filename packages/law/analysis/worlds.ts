import { Effect, Taint } from '@azora/contracts'
import type { Detectors } from '../detectors/list.ts'
import { among, FALSE, range, TRUE } from './constraint.ts'
import { typeOf } from './expression.ts'
import { emptiness, joined, membership, type Term } from './term.ts'
import type { Vocabulary } from './vocabulary.ts'

/** One kind of question that the gate asks, and what is always so in it. */
export interface World {
  action: string
  known: Term
  /** What may be in a set, for sets that hold only certain texts. */
  holds: ReadonlyMap<string, ReadonlySet<string>>
}

/** Reported when a detector throws, whatever it looks for. */
const DETECTOR_FAILED = 'detector_failed'

/** Every kind of question: who proposes what to be done. It must say no more than what `gate/question.ts` makes so. */
export function worldsOf(vocabulary: Vocabulary, detectors: Detectors): World[] {
  return [...vocabulary.actions].flatMap(([action, { principals, resources }]) => {
    const findings = new Set([DETECTOR_FAILED, ...(rulesFor(action, detectors) ?? [])])
    const holds = new Map([['context.findings', findings], ...(isEffect(action) ? ACTION_SETS : [])])
    return principals.flatMap((principal) =>
      statesOf(action, findings).map((state) => {
        const about: Term = new Map([
          ['action', among(action)],
          [typeOf('principal'), among(principal)],
          [typeOf('resource'), among(...resources)],
          ...state,
        ])
        return { action, known: about, holds }
      }),
    )
  })
}

const isEffect = (action: string): action is Effect => Effect.options.some((effect) => effect === action)

/** The rules of detectors that look at a request for this action. */
function rulesFor(action: string, { action: acts, output, plan }: Detectors): string[] | undefined {
  if (isEffect(action)) return acts.flatMap(({ rules }) => rules)
  if (action === 'conclude') return output.flatMap(({ rules }) => rules)
  return action === 'propose' ? plan.flatMap(({ rules }) => rules) : undefined
}

const ACTION_SETS: ReadonlyArray<[string, ReadonlySet<string>]> = [
  ['context.effects', new Set(Effect.options)],
  ['context.run.taints', new Set(Taint.options)],
]

const EFFECTS = 'context.effects'
const EFFECTS_MISSING = 'effects_missing'
const declares = (effect: string): string => membership(EFFECTS, JSON.stringify(effect))

/** The action is the strongest effect; without any effect it is the strongest there is, and a detector says so. */
function statesOf(action: string, findings: ReadonlySet<string>): Term[] {
  if (!isEffect(action)) return [new Map()]
  const stronger = Effect.options.slice(Effect.options.indexOf(action) + 1)
  const workspace = ['context.workspace', among('"none"', '"read"', '"write"')] as const
  const declared = new Map([
    workspace,
    [declares(action), TRUE],
    [emptiness(EFFECTS), FALSE],
    ...stronger.map((effect) => [declares(effect), FALSE] as const),
  ])
  if (stronger.length > 0) return [declared]
  const undeclared = new Map([
    workspace,
    [emptiness(EFFECTS), TRUE],
    ...(findings.has(EFFECTS_MISSING)
      ? [[membership('context.findings', JSON.stringify(EFFECTS_MISSING)), TRUE] as const]
      : []),
    ...Effect.options.map((effect) => [declares(effect), FALSE] as const),
  ])
  return [declared, undeclared]
}

/** A term as far as it can hold in a world: one term or none. */
export const inWorld = (term: Term, { known, holds }: World): Term[] =>
  joined(known, term)
    .filter((whole) => holdsOnlyKnown(whole, holds))
    .flatMap((whole) => joined(whole, counts(whole)))

const holdsOnlyKnown = (term: Term, holds: World['holds']): boolean =>
  [...holds].every(([set, values]) =>
    [...term].every(([part, constraint]) => {
      const prefix = membership(set, '')
      if (constraint !== TRUE && constraint.kind !== 'among') return true
      return !part.startsWith(prefix) || values.has(textOf(part.slice(prefix.length)))
    }),
  )

const textOf = (json: string): string => (json.startsWith('"') ? String(JSON.parse(json)) : json)

/** Every integer that the gate gives is a count. */
const counts = (term: Term): Term =>
  new Map([...term.keys()].filter((part) => ATTRIBUTE.test(part)).map((part) => [part, range(0, Infinity)]))

const ATTRIBUTE = /^#(context|resource)(\.\w+)+$/
