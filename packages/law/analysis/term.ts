import { both, type Constraint, narrows } from './constraint.ts'

/** Constraints that hold together, by the part of the question that each is about. */
export type Term = ReadonlyMap<string, Constraint>

/** A condition: a constraint on one part, or several conditions of which all or any hold. */
export type Formula =
  | { kind: 'one'; part: string; constraint: Constraint }
  | { kind: 'all' | 'any'; of: readonly Formula[] }

export const one = (part: string, constraint: Constraint): Formula => ({ kind: 'one', part, constraint })
export const all = (...of: Formula[]): Formula => ({ kind: 'all', of })
export const any = (...of: Formula[]): Formula => ({ kind: 'any', of })
export const constant = (truth: boolean): Formula => (truth ? all() : any())

/** The part of a question that says whether a set holds a text. */
export const membership = (set: string, value: string): string => `${set} contains ${value}`

/** The part of a question that says whether a set is empty. */
export const emptiness = (set: string): string => `${set} is empty`

const MAX_TERMS = 256

/**
 * The disjunctive normal form of a formula: terms of which one holds just when the formula does, without those that
 * can't hold. Undefined when there would be more than 256.
 */
export function termsOf(formula: Formula): Term[] | undefined {
  if (formula.kind === 'one') {
    const impossible = formula.constraint.kind === 'among' && formula.constraint.values.size === 0
    return impossible ? [] : [new Map([[formula.part, formula.constraint]])]
  }
  let terms: Term[] = formula.kind === 'all' ? [new Map()] : []
  for (const part of formula.of) {
    const more = termsOf(part)
    if (!more) return undefined
    terms =
      formula.kind === 'any'
        ? [...terms, ...more]
        : terms.flatMap((term) => more.flatMap((other) => joined(term, other)))
    if (terms.length > MAX_TERMS) return undefined
  }
  return terms
}

/** Both terms at once: one term, or none when they contradict each other. */
export function joined(a: Term, b: Term): Term[] {
  const term = new Map(a)
  for (const [part, constraint] of b) {
    const known = term.get(part)
    const now = known ? both(known, constraint) : constraint
    if (!now) return []
    term.set(part, now)
  }
  return hasFullEmptySet(term) ? [] : [term]
}

/** True when the first can't hold without the second. False means that it was not proved. */
export function implies(a: Term, b: Term): boolean {
  for (const [part, constraint] of b) {
    const known = a.get(part)
    if (!known || !narrows(known, constraint)) return false
  }
  return true
}

function hasFullEmptySet(term: Term): boolean {
  for (const [part, constraint] of term) {
    if (constraint.kind !== 'among' || !part.endsWith(EMPTY)) continue
    const set = part.slice(0, -EMPTY.length)
    for (const [other, held] of term) {
      if (held.kind === 'among' && other.startsWith(membership(set, ''))) return true
    }
  }
  return false
}

const EMPTY = emptiness('')
