import { type Expr, type Fn, NOTHING, type Stmt, statementsIn, type Unit, valuesOf, within } from './code.ts'
import {
  FILLS,
  isConstant,
  isData,
  isLog,
  isLogCall,
  isRandom,
  isTelling,
  RANDOM,
  type Scope,
  SLEEPS,
  scopeOf,
  unwrapped,
} from './constants.ts'
import { hidesFailure } from './failure.ts'
import { delivers, fetches, mayBeQuiet, promisesMeasure, promisesWork, wordsOf } from './names.ts'
import { isTemplateMethod, LEFT_TO_OTHERS, NOT_IMPLEMENTED, refuses } from './refusal.ts'

const NOTE =
  /\b(todo|fixme|xxx|tbd)\b|\b(placeholder|stubbed?|hard-?coded|mock(ed)? (data|response|result|value)|fake (data|response|result|value)|dummy|made[- ]up|for now|pretend|simulated?|in (a )?(real|production)|replace (this )?with (the )?(real|actual)|not (yet )?implemented|implement (this|me|later)|real implementation)\b/i
/** A commented line that called something: `# response = requests.get(url)`. */
const COMMENTED_CALL = /^[/#*\s]*(?:(?:const|let|var)\s+\w+\s*=|return\b|\w+\s*=)\s*(?:await\s+)?[\w.]+\(/m

/** Words in a docstring for a method that does nothing with good reason. */
const ON_PURPOSE =
  /\b(nothing|no-?op|not needed|no need|not required|unused|ignored?|intentionally|hooks?|callback|called|invoked|optional|defaults?|deprecated|compat\w*|placeholder for|interface|protocol|extend|customi[sz]e|plugins?)\b/i
/** Why a function only pretends to do what its name says, in a few words, or undefined. */
export function pretenceOf(fn: Fn, unit: Unit): string | undefined {
  if (fn.exempt || isAbstract(fn, unit)) return undefined
  const statements = statementsIn(fn.body)
  const scope = scopeOf(fn, statements, unit)
  if (refuses(fn, unit, scope)) return 'only throws that it is not implemented'
  const noted = fn.comments.some((comment) => NOTE.test(comment))
  if (fn.inObject && !noted && (fn.body.length === 0 || (!fn.async && isYesOrNo(fn)))) return undefined
  if (fn.body.length === 0) return isEmptyOnPurpose(fn, unit, noted) ? undefined : 'does nothing'
  const returns = statements.flatMap((stmt) => (stmt.kind === 'return' ? [stmt.value] : []))
  if (promisesMeasure(fn.name) && returns.some((value) => isRandom(value, scope))) return 'returns a random value'
  if (hidesFailure(statements, fn, scope)) return 'reports success where it failed'
  return constantOf(fn, statements, returns, scope, noted)
}

function isAbstract(fn: Fn, unit: Unit): boolean {
  const { owner, comments } = fn
  if (comments.some((comment) => LEFT_TO_OTHERS.test(comment))) return true
  if (!owner) return false
  return (
    owner.bases.some((base) => /(^|\.)(ABC|ABCMeta|Protocol)(\[|$)|Interface$/.test(base)) ||
    /^(Base|Abstract|Null|Noop|NoOp|Silent|I[A-Z])|(Base|Interface|Protocol|Mixin)$/.test(owner.name) ||
    unit.classes.some(({ bases }) => bases.includes(owner.name))
  )
}

function isEmptyOnPurpose(fn: Fn, unit: Unit, noted: boolean): boolean {
  if (
    noted &&
    !wordsOf(fn.name).includes('noop') &&
    (promisesWork(fn.name) || fn.comments.some((comment) => NOT_IMPLEMENTED.test(comment)))
  )
    return fn.name === ''
  if (mayBeQuiet(fn.name) || !promisesWork(fn.name)) return true
  if (!fn.owner) return fn.params.length === 0 && !fn.async && fn.answers !== true
  // A comment tells why there is nothing to do; a docstring mostly tells what there is to do.
  const excused = fn.comments.some((comment) => comment !== fn.doc || ON_PURPOSE.test(comment))
  if (excused || isTemplateMethod(fn, unit)) return true
  const mayOverride = fn.owner.bases.some((base) => fn.answers !== true || !PLAIN_BASE.test(base))
  return mayOverride || (fn.doc !== undefined && !worksBeside(fn, unit))
}

/** Bases that leave nothing to be overridden with nothing. */
const PLAIN_BASE = /^(object|BaseModel|pydantic\.BaseModel|SQLModel|NamedTuple|TypedDict|Generic(\[.*)?|\w*Enum)$/

/** Whether most methods of the class do something, and none throws only, as those of an interface. */
function worksBeside(fn: Fn, unit: Unit): boolean {
  const methods = unit.functions.filter(({ owner, exempt }) => owner === fn.owner && !exempt)
  const working = methods.filter(({ body }) => body.length > 0)
  if (working.some(({ body }) => body.length === 1 && body[0]?.kind === 'throw')) return false
  return methods.length === 1 ? fn.answers === true : working.length * 2 >= methods.length
}

/** Why a function that always returns the same thing pretends to work, if it does. */
function constantOf(
  fn: Fn,
  statements: readonly Stmt[],
  returns: readonly Expr[],
  scope: Scope,
  noted: boolean,
): string | undefined {
  const calls = statements.flatMap((stmt) =>
    valuesOf(stmt).flatMap((value) => within(value).flatMap((part) => (part.kind === 'call' ? [part] : []))),
  )
  const sleeps = calls.some(({ callee }) => SLEEPS.test(callee))
  const work = statements.filter((stmt) => isWork(stmt, scope, sleeps) && !fillsList(stmt, scope))
  if (work.length > 0) return undefined
  if (returns.length === 0) {
    const given = fn.params.filter((param) => !scope.callbacks.has(param))
    if (sleeps && given.length > 0 && promisesWork(fn.name) && !usesParams(fn, statements, scope))
      return calls.some((call) => tellsData(call, scope)) ? 'waits and hands over a constant' : 'only waits'
    const talks = (noted && promisesWork(fn.name)) || (delivers(fn.name) && fn.params.length > 0)
    return talks && statements.every(isLog) ? 'only says that it works' : undefined
  }
  const constant = returns.every((value) => isConstant(value, scope))
  if (!constant) return echoes(fn, returns, scope, sleeps ? 1 : 2) ? 'returns made-up data' : undefined
  const data = returns.some((value) => isData(value, scope)) || statements.some((stmt) => fillsList(stmt, scope))
  if (sleeps && data && promisesWork(fn.name)) return 'waits and returns a constant'
  const outcomes = endsWithReturn(fn.body) ? returns : [...returns, NOTHING]
  const same = new Set(outcomes.map((value) => JSON.stringify(value))).size === 1
  if (!same || (usesParams(fn, statements, scope) && returns.length === 1 && !noted)) return undefined
  return ignoresItsInput(fn, data, noted) ? 'returns a constant' : undefined
}

function endsWithReturn(body: readonly Stmt[]): boolean {
  const last = body.at(-1)
  if (last?.kind === 'if') return endsWithReturn(last.yes) && endsWithReturn(last.no)
  return last?.kind === 'return' || last?.kind === 'throw' || last?.kind === 'try' || last?.kind === 'block'
}

function ignoresItsInput(fn: Fn, data: boolean, noted: boolean): boolean {
  const commented = fn.comments.some((comment) => COMMENTED_CALL.test(comment))
  if (noted || commented) return fn.name !== '' && (fn.params.length > 0 || fn.async || fetches(fn.name))
  if (mayBeQuiet(fn.name) && !fn.async) return false
  if (fn.params.length === 0)
    return (fn.async || fetches(fn.name)) && data && promisesWork(fn.name) && !isConfiguration(fn.name)
  const ignoredOnPurpose = fn.params.every((param) => param.startsWith('_'))
  if (ignoredOnPurpose || (fn.owner?.bases.length ?? 0) > 0) return fn.async && data && promisesWork(fn.name)
  if (fn.async) return promisesWork(fn.name) || (data && !isYesOrNo(fn))
  if (!data && (fn.owner !== undefined || fn.name.startsWith('_'))) return false
  return promisesWork(fn.name) && !isConfiguration(fn.name)
}

const isYesOrNo = ({ body }: Fn): boolean => {
  const [only] = body
  return only?.kind === 'return' && only.value.kind === 'literal' && typeof only.value.value === 'boolean'
}

const isConfiguration = (name: string): boolean =>
  wordsOf(name).some((word) =>
    /^(default|defaults|config|configuration|options|settings|kind|type|name|label|title|schema|version|metadata|props|columns|headers|fields|initial|static|constants?|priority|icon|class|key|keys|paths?|routes)$/.test(
      word,
    ),
  )

/** Anything that could be the work: a call that isn't a log, a pause or a constant, or a throw. */
function isWork(stmt: Stmt, scope: Scope, sleeps: boolean): boolean {
  if (stmt.kind === 'return' && isConstant(stmt.value, scope)) return false
  return valuesOf(stmt).some((value) => {
    const quiet = new Set(
      within(value)
        .filter((part) => isLogCall(part) || (part.kind === 'call' && isPause(part)))
        .flatMap(within),
    )
    return within(value).some(
      (part) =>
        part.kind === 'call' &&
        !quiet.has(part) &&
        !FILLS.test(part.callee) &&
        !RANDOM.test(part.callee) &&
        // Between pauses, news of the progress are a part of the play.
        !(sleeps && isTelling(part, scope)),
    )
  })
}

/** A callback that gets a made-up answer: `done(null, { infected: false })`. */
const tellsData = (call: Expr & { kind: 'call' }, scope: Scope): boolean =>
  isTelling(call, scope) && call.args.some((arg) => /^(object|list)$/.test(arg.kind) && isConstant(arg, scope))

/** `list.push({ … })` of constants, onto a list of the function's own. */
function fillsList(stmt: Stmt, scope: Scope): boolean {
  if (stmt.kind !== 'run' || stmt.value.kind !== 'call') return false
  const [, list] = /^(\w+)\.(?:push|unshift|append|add|set)$/.exec(stmt.value.callee) ?? []
  return (
    list !== undefined && scope.held.get(list) !== undefined && stmt.value.args.every((arg) => isConstant(arg, scope))
  )
}

const isPause = (call: Expr & { kind: 'call' }): boolean =>
  SLEEPS.test(call.callee) ||
  (call.callee === 'Promise' && within(call).some((part) => part.kind === 'call' && SLEEPS.test(part.callee)))

function usesParams(fn: Fn, statements: readonly Stmt[], scope: Scope): boolean {
  const used = statements
    // A bare `void id` only silences the linter.
    .filter((stmt) => !isLog(stmt) && (stmt.kind !== 'run' || within(stmt.value).some((part) => part.kind === 'call')))
    .flatMap((stmt) => valuesOf(stmt).flatMap(within))
    .flatMap((part) => (part.kind === 'name' ? [part.name] : []))
  return used.some((name) => fn.params.includes(name) && !scope.callbacks.has(name))
}

/** A record that only repeats what was asked, with made-up data beside it. */
function echoes(fn: Fn, returns: readonly Expr[], scope: Scope, least: number): boolean {
  const [value] = returns
  if (!fetches(fn.name) && !(fn.async && promisesWork(fn.name) && !/^(create|build|make)/.test(fn.name))) return false
  if (returns.length !== 1 || fn.params.length === 0) return false
  const plain = unwrapped(value, scope)
  if (plain?.kind !== 'object') return false
  const made = plain.entries.filter((entry) => isConstant(entry.value, scope) && isData(entry.value, scope))
  const repeated = plain.entries.filter(({ value: inner }) => inner.kind === 'name' && fn.params.includes(inner.name))
  return made.length >= least && repeated.length > 0 && made.length + repeated.length === plain.entries.length
}
