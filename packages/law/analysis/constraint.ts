/**
 * What is known about one part of a question: the text that it is or is not, or the range of an integer. Truth is the
 * text `true`.
 */
export type Constraint =
  | { readonly kind: 'among'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'except'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'range'; readonly min: number; readonly max: number }

export const among = (...values: string[]): Constraint => ({ kind: 'among', values: new Set(values) })
export const except = (...values: string[]): Constraint => ({ kind: 'except', values: new Set(values) })
export const range = (min: number, max: number): Constraint => ({ kind: 'range', min, max })
export const TRUE = among('true')
export const FALSE = except('true')

/** Both at once; undefined when nothing fits both. */
export function both(a: Constraint, b: Constraint): Constraint | undefined {
  if (a.kind === 'range' || b.kind === 'range') {
    if (a.kind !== 'range' || b.kind !== 'range') return undefined
    const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)]
    return min <= max ? { kind: 'range', min, max } : undefined
  }
  if (a.kind === 'except' && b.kind === 'except') {
    return { kind: 'except', values: new Set([...a.values, ...b.values]) }
  }
  const [some, other] = a.kind === 'among' ? [a, b] : [b, a]
  const values = [...some.values].filter((value) => fits(other, value))
  return values.length > 0 ? among(...values) : undefined
}

/** True when whatever fits `a` fits `b`. */
export function narrows(a: Constraint, b: Constraint): boolean {
  if (a.kind === 'range' || b.kind === 'range') {
    return a.kind === 'range' && b.kind === 'range' && a.min >= b.min && a.max <= b.max
  }
  if (a.kind === 'among') return [...a.values].every((value) => fits(b, value))
  return b.kind === 'except' && [...b.values].every((value) => a.values.has(value))
}

const fits = (constraint: Constraint, value: string): boolean =>
  constraint.kind !== 'range' && constraint.values.has(value) === (constraint.kind === 'among')
