import { type Expr, type Fn, type Stmt, statementsIn, valuesOf, within } from './code.ts'
import { FILLS, isConstant, isLogCall, isQuiet, type Scope, unwrapped } from './constants.ts'
import { delivers, promisesWork, wordsOf } from './names.ts'

const SUCCESS =
  /^(ok|okay|success|successful|succeeded|sent|saved|valid|verified|done|completed?|delivered|uploaded|published|paid|charged|synced|deployed|stored|accepted|approved|healthy|passed|processed|imported|exported|restored|refunded)$/i
const STATE = /^(status|state|result|outcome|message|statusText)$/i
const SUCCESS_WORD =
  /^(ok|okay|success|successful|succeeded|sent|completed?|done|delivered|paid|approved|uploaded|published|charged|synced|deployed|stored|saved|accepted|processed|refunded|healthy|passed|verified)$/i
const FAILURE_KEY = /^(error|errors|err|reason|failed|failures|cause|warning|warnings)$/i
/** Names of failures in spite of which the end may be reached, such as that a file is gone already. */
const TOLERABLE =
  /(Exists|NotFound|Already|Duplicate|Conflict|KeyError|StopIteration|StopAsync|ImportError|ModuleNotFound|ProcessLookup|Integrity|Cancel)/

/** True when the exception that a handler is for may come where all is well. */
export const isTolerable = (exception: string): boolean => TOLERABLE.test(exception)

/** True for a function that says that all went well where it failed, or can't know whether it failed. */
export function hidesFailure(statements: readonly Stmt[], fn: Fn, scope: Scope): boolean {
  if (!promisesWork(fn.name) && !fn.async) return false
  const strict =
    delivers(fn.name) || /^(verify|validate|authenticate|authorize|authorise)$/.test(wordsOf(fn.name)[0] ?? '')
  const isLie = (value: Expr): boolean => saysSuccess(value, scope, strict) || isMadeUp(value)
  return (
    statements.some((stmt) => stmt.kind === 'try' && (lies(stmt.handler, isLie) || lies(stmt.last, isLie))) ||
    statements.some((stmt) => valuesOf(stmt).some((value) => within(value).some((part) => catchesWith(part, isLie)))) ||
    forgetsFailure(statements, (value) => saysSuccess(value, scope, delivers(fn.name)), scope)
  )
}

/** Whether a handler ends with a lie; one under a condition counts only where the others don't pass the failure on. */
function lies(handler: readonly Stmt[], isLie: (value: Expr) => boolean): boolean {
  const isLieHere = (stmt: Stmt): boolean => stmt.kind === 'return' && isLie(stmt.value)
  if (handler.some(isLieHere)) return true
  const all = statementsIn(handler)
  return !all.some(({ kind }) => kind === 'throw') && all.some(isLieHere)
}

/** `.catch(() => ({ ok: true }))`, or the second function of `.then`. */
function catchesWith(part: Expr, isLie: (value: Expr) => boolean): boolean {
  if (part.kind !== 'call') return false
  const handler = /\.catch$/.test(part.callee) ? part.args[0] : /\.then$/.test(part.callee) ? part.args[1] : undefined
  return handler?.kind === 'function' && lies(handler.fn.body, isLie)
}

/** All the work is in blocks whose failures nobody hears of, and the answer is that it went well. */
function forgetsFailure(statements: readonly Stmt[], isLie: (value: Expr) => boolean, scope: Scope): boolean {
  const tried = new Set(statements.flatMap((stmt) => deafPartsOf(stmt, scope)))
  if (tried.size === 0) return false
  const returns = statements.filter((stmt) => stmt.kind === 'return')
  return (
    [...tried].some(works) &&
    returns.length > 0 &&
    returns.every(({ value }) => isLie(value)) &&
    statements.every((stmt) => tried.has(stmt) || stmt.kind === 'return' || !works(stmt))
  )
}

/** What a statement does whose failure nobody hears of: a `try` with a handler that does nothing, or `x.catch(() => {})`. */
function deafPartsOf(stmt: Stmt, scope: Scope): Stmt[] {
  const isNothing = (body: readonly Stmt[]): boolean => statementsIn(body).every((inner) => isQuiet(inner, scope))
  if (stmt.kind === 'try') return isNothing(stmt.handler) && stmt.last.length === 0 ? statementsIn(stmt.body) : []
  if (stmt.kind !== 'run') return []
  const call = unwrapped(stmt.value, scope)
  const handler = call?.kind === 'call' && /\.catch$/.test(call.callee) ? call.args[0] : undefined
  if (handler?.kind !== 'function') return []
  const body = handler.fn.body.filter((inner) => inner.kind !== 'return' || !isConstant(inner.value, scope))
  return isNothing(body) ? [stmt] : []
}

const works = (stmt: Stmt): boolean =>
  valuesOf(stmt).some((value) =>
    within(value).some((part) => part.kind === 'call' && !FILLS.test(part.callee) && !isLogCall(part)),
  )

/** @param strict whether a bare `true` or `'sent'` says it too, as of functions whose work is seen elsewhere */
function saysSuccess(value: Expr, scope: Scope, strict: boolean): boolean {
  const plain = unwrapped(value, scope)
  if (plain?.kind === 'literal')
    return strict && (plain.value === true || (typeof plain.value === 'string' && SUCCESS_WORD.test(plain.value)))
  if (plain?.kind !== 'object') return false
  const members = plain.entries.map((entry) => ({ key: entry.key, value: unwrapped(entry.value, scope) }))
  if (members.some(({ key, value: inner }) => FAILURE_KEY.test(key) && !isEmpty(inner))) return false
  return members.some(({ key, value: inner }) => {
    if (inner?.kind !== 'literal') return false
    if (SUCCESS.test(key)) return inner.value === true
    return STATE.test(key) && (SUCCESS_WORD.test(String(inner.value)) || inner.value === 200 || inner.value === 201)
  })
}

const isEmpty = (value: Expr | undefined): boolean =>
  (value?.kind === 'literal' && !value.value) || (value?.kind === 'list' && value.items.length === 0)

/** Records with values of their own where something failed. */
function isMadeUp(value: Expr): boolean {
  if (value.kind === 'wrap') return isMadeUp(value.of)
  const isRecord = (item: Expr): boolean =>
    item.kind === 'object' &&
    item.entries.length > 1 &&
    item.entries.every(({ value: inner }) => inner.kind === 'literal' && Boolean(inner.value))
  return value.kind === 'list' && value.items.length > 0 && value.items.every(isRecord)
}
