import { decodedForms } from '../../facts/decoded.ts'
import { type Expr, type Fn, type Stmt, type Unit, within } from './code.ts'
import { isLog, isQuiet, type Scope } from './constants.ts'

/** Words of a note that the work is missing, in the languages that code is most often commented in. */
export const NOT_IMPLEMENTED =
  /\b(not (yet )?(been )?(implemented|written|coded)|unimplemented|implement me|to ?do\b|to be implemented|needs (an )?implementation|implementation (is )?(pending|missing)|nyi\b|stub\b|coming soon|not done yet|under construction|(noch )?nicht (implementiert|umgesetzt|fertig)|(non|pas encore) (impl[ée]ment[ée]|fait)|(no|sin) implementa[dr]|por hacer\b|não implementad|non (ancora )?implementat|niet ge[ïi]mplementeerd)|не реализован|未实现|未実装|実装されていません/i
/** The same without what stands between the letters. */
const SQUEEZED = /not(yet)?implemented|unimplemented|implementme|nichtimplementiert/i
export const LEFT_TO_OTHERS =
  /\b(subclass\w*|sub-class\w*|child class\w*|derived class\w*|inherit\w*|overrid\w+|overwrit\w+|abstract|must (be )?implement\w*)\b/i
/** Words for what is still to come, other than for what can't be done at all. */
const LATER =
  /\b(yet|later|soon|future|eventually|some ?day|wip|work in progress|missing|pending|haven['’]t|next (release|version|sprint|phase)|phase \d|left out)\b/i
const ERROR = /(^|\.)Not_?(Yet_?)?Implemented\w*$/i
/** Functions whose call says it, such as `todo('…')`. */
const SAYING = /(^|\.)(not_?(yet_?)?implemented|unimplemented|todo)$/i
/** Ways to hand an error on: `Promise.reject(…)`, and the callbacks of Node.js. */
const HANDING = /^(Promise\.reject|reject|callback|cb|done|next|assert\.fail|fail)$/

const MAX_MESSAGE = 120
const MAX_STEPS = 40

/** True for a function that does nothing but to say, by an error, that it isn't implemented. */
export function refuses(fn: Fn, unit: Unit, scope: Scope): boolean {
  const last = fn.body.at(-1)
  if (!last || !fn.body.slice(0, -1).every((stmt) => isQuiet(stmt, scope) || isGuard(stmt) || makesError(stmt)))
    return false
  const error = errorIn(last)
  if (!error) return false
  const parts = within(resolved(error, scope))
  const says = textsIn(parts)
  if (says.some((text) => text !== '')) return saysSo(says, parts)
  return parts.some(isNamedSo) && !isTemplateMethod(fn, unit)
}

function saysSo(says: readonly string[], parts: readonly Expr[]): boolean {
  const whole = says.join('')
  if (whole.length > MAX_MESSAGE || LEFT_TO_OTHERS.test(whole)) return false
  // A longer message mostly tells why the thing can't be done.
  const isShort = whole.trim().split(/\s+/).length <= 3 && parts.filter(({ kind }) => kind === 'call').length <= 1
  if (parts.some(isNamedSo) && (isShort || LATER.test(whole)) && !/\bsupport/i.test(whole)) return true
  return [whole, ...decodedForms(whole)].some(
    (text) =>
      NOT_IMPLEMENTED.test(text) ||
      says.some((part) => NOT_IMPLEMENTED.test(part)) ||
      SQUEEZED.test(text.replaceAll(/[^a-z]/gi, '')),
  )
}

const textsIn = (parts: readonly Expr[]): string[] =>
  parts.flatMap((part) => (part.kind === 'literal' && typeof part.value === 'string' ? [part.value] : []))

const isNamedSo = (part: Expr): boolean =>
  (part.kind === 'name' && ERROR.test(part.name)) ||
  (part.kind === 'call' && (ERROR.test(part.callee) || SAYING.test(part.callee)))

/** The error that a statement ends a function with. */
function errorIn(stmt: Stmt): Expr | undefined {
  if (stmt.kind === 'throw') return stmt.value
  if (stmt.kind !== 'return' && stmt.kind !== 'run') return undefined
  let value = stmt.value
  while (value.kind === 'wrap') value = value.of
  // Python's value for operators that don't apply, which says nothing in a method by another name.
  if (value.kind === 'name') return stmt.kind === 'return' && value.name === 'NotImplemented' ? value : undefined
  if (value.kind !== 'call') return undefined
  if (value.callee === 'Promise') return errorOfPromise(value)
  return HANDING.test(value.callee) || SAYING.test(value.callee) ? value : undefined
}

/** `new Promise((_, reject) => reject(new Error('not implemented')))` */
function errorOfPromise({ args }: Expr & { kind: 'call' }): Expr | undefined {
  const [executor] = args
  const [only, ...rest] = executor?.kind === 'function' ? executor.fn.body : []
  return only && rest.length === 0 ? errorIn(only) : undefined
}

/** `const error = new Error('…')` */
const makesError = (stmt: Stmt): boolean =>
  stmt.kind === 'set' && stmt.value.kind === 'call' && /(Error|Exception)$/.test(stmt.value.callee)

const isGuard = (stmt: Stmt): boolean =>
  stmt.kind === 'if' &&
  stmt.yes.every((inner) => inner.kind === 'throw' || isLog(inner)) &&
  stmt.no.every((inner) => inner.kind === 'run' && inner.value.kind === 'literal')

/** The value with what its variables hold in their place. */
function resolved(value: Expr, scope: Scope, steps = 0): Expr {
  if (steps > MAX_STEPS) return value
  const inner = (part: Expr): Expr => resolved(part, scope, steps + 1)
  if (value.kind === 'name') {
    const held = scope.held.get(value.name)
    return held ? inner(held) : value
  }
  if (value.kind === 'call') return { ...value, args: value.args.map(inner), on: value.on && inner(value.on) }
  if (value.kind === 'other') return { ...value, parts: value.parts.map(inner) }
  if (value.kind === 'list') return { ...value, items: value.items.map(inner) }
  return value.kind === 'wrap' ? { ...value, of: inner(value.of) } : value
}

/** A method that the class itself calls, or one of a class that only has such: they are for subclasses to define. */
export function isTemplateMethod(fn: Fn, unit: Unit): boolean {
  const { owner } = fn
  if (!owner) return false
  const methods = unit.functions.filter((other) => other.owner === owner && !other.exempt)
  const isLeftOpen = ({ body, comments }: Fn): boolean =>
    body.length === 0 ? comments.length > 0 : body.length === 1 && body[0]?.kind === 'throw'
  const isInterface = methods.length > 1 && methods.every(isLeftOpen)
  return isInterface || unit.calls.some(({ callee }) => callee === `self.${fn.name}` || callee === `this.${fn.name}`)
}
