import { type Expr, type Fn, NOTHING, type Stmt, statementsIn, type Unit, valuesOf, within } from './code.ts'
import {
  FILLS,
  isConstant,
  isData,
  isRandom,
  LOGS,
  MAX_STEPS,
  RANDOM,
  type Scope,
  SLEEPS,
  scopeOf,
} from './constants.ts'
import { delivers, fetches, mayBeQuiet, promisesMeasure, promisesWork, wordsOf } from './names.ts'

const NOT_IMPLEMENTED =
  /\b(not (yet )?(been )?implemented|unimplemented|implement me|to ?do\b|stub\b|coming soon|not done yet)/i
const LEFT_TO_OTHERS = /\b(subclass\w*|sub-class\w*|child class\w*|derived class\w*|overrid\w+|overwrit\w+|abstract)\b/i
const NOTE =
  /\b(todo|fixme|xxx|tbd)\b|\b(placeholder|stubbed?|hard-?coded|mock(ed)? (data|response|result|value)|fake (data|response|result|value)|dummy|made[- ]up|for now|pretend|simulated?|in (a )?(real|production)|replace (this )?with (the )?(real|actual)|not (yet )?implemented|implement (this|me|later)|real implementation)\b/i
/** A commented line that called something: `# response = requests.get(url)`. */
const COMMENTED_CALL = /^[/#*\s]*(?:(?:const|let|var)\s+\w+\s*=|return\b|\w+\s*=)\s*(?:await\s+)?[\w.]+\(/m

const SUCCESS = /^(ok|success|succeeded|sent|saved|valid|verified|done|completed|delivered)$/i
const SUCCESS_WORD = /^(ok|success|succeeded|sent|completed|done|delivered|paid|approved)$/i

/** Why a function only pretends to do what its name says, in a few words, or undefined. */
export function pretenceOf(fn: Fn, unit: Unit): string | undefined {
  if (fn.exempt || isAbstract(fn, unit)) return undefined
  const statements = statementsIn(fn.body)
  if (throwsNotImplemented(fn, unit)) return 'only throws that it is not implemented'
  const noted = fn.comments.some((comment) => NOTE.test(comment))
  if (fn.inObject && !noted && (fn.body.length === 0 || (!fn.async && isYesOrNo(fn)))) return undefined
  if (fn.body.length === 0) return isEmptyOnPurpose(fn, noted) ? undefined : 'does nothing'
  const scope = scopeOf(statements, unit)
  const returns = statements.flatMap((stmt) => (stmt.kind === 'return' ? [stmt.value] : []))
  if (promisesMeasure(fn.name) && returns.some((value) => isRandom(value, scope))) return 'returns a random value'
  if (hidesFailure(statements, fn)) return 'reports success where it failed'
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

function isEmptyOnPurpose(fn: Fn, noted: boolean): boolean {
  if (
    noted &&
    !wordsOf(fn.name).includes('noop') &&
    (promisesWork(fn.name) || fn.comments.some((comment) => NOT_IMPLEMENTED.test(comment)))
  )
    return fn.name === ''
  if (mayBeQuiet(fn.name) || !promisesWork(fn.name)) return true
  // A comment tells why there is nothing to do.
  return fn.owner !== undefined
    ? fn.comments.length > 0 || fn.owner.bases.length > 0
    : fn.params.length === 0 && !fn.async
}

function throwsNotImplemented(fn: Fn, unit: Unit): boolean {
  const work = fn.body.filter((stmt) => !isLog(stmt))
  const [first] = work
  if (work.length !== 1 || first?.kind !== 'throw') return false
  const parts = within(first.value)
  const says = parts.flatMap((part) => (part.kind === 'literal' && typeof part.value === 'string' ? [part.value] : []))
  if (says.length > 0)
    return [...says, says.join('')].some(
      (text) => text.length < 120 && NOT_IMPLEMENTED.test(text) && !LEFT_TO_OTHERS.test(text),
    )
  const bare = parts.some((part) => part.kind === 'name' && /^NotImplemented(Error|Exception)?$/.test(part.name))
  return bare && !isTemplateMethod(fn, unit)
}

/** A method that the class itself calls, or one of a class that only has such: they are for subclasses to define. */
function isTemplateMethod(fn: Fn, unit: Unit): boolean {
  const { owner } = fn
  if (!owner) return false
  const methods = unit.functions.filter((other) => other.owner === owner && !other.exempt)
  const isInterface = methods.length > 1 && methods.every(({ body }) => body.length === 1 && body[0]?.kind === 'throw')
  return isInterface || unit.calls.some(({ callee }) => callee === `self.${fn.name}`)
}

const isLog = (stmt: Stmt): boolean => stmt.kind === 'run' && within(stmt.value).some(isLogCall)
const isLogCall = (part: Expr): boolean => part.kind === 'call' && LOGS.test(part.callee)

function hidesFailure(statements: readonly Stmt[], fn: Fn): boolean {
  if (!promisesWork(fn.name) && !fn.async) return false
  return statements.some((stmt) => {
    if (stmt.kind !== 'try') return false
    return statementsIn(stmt.handler).some(
      (inner) => inner.kind === 'return' && (saysSuccess(inner.value) || isMadeUp(inner.value)),
    )
  })
}

function saysSuccess(value: Expr): boolean {
  if (value.kind === 'wrap') return saysSuccess(value.of)
  if (value.kind !== 'object') return false
  if (value.entries.some(({ key }) => /^(error|errors|err|reason|failed|cause)$/i.test(key))) return false
  return value.entries.some(
    ({ key, value: inner }) =>
      inner.kind === 'literal' &&
      ((SUCCESS.test(key) && inner.value === true) ||
        (/^(status|state|result)$/i.test(key) && SUCCESS_WORD.test(String(inner.value)))),
  )
}

/** Records with values of their own where something failed. */
function isMadeUp(value: Expr): boolean {
  if (value.kind === 'wrap') return isMadeUp(value.of)
  const isRecord = (item: Expr): boolean =>
    item.kind === 'object' &&
    item.entries.length > 1 &&
    item.entries.every(({ value: inner }) => inner.kind === 'literal' && Boolean(inner.value))
  return value.kind === 'list' && value.items.length > 0 && value.items.every(isRecord)
}

/** Why a function that always returns the same thing pretends to work, if it does. */
function constantOf(
  fn: Fn,
  statements: readonly Stmt[],
  returns: readonly Expr[],
  scope: Scope,
  noted: boolean,
): string | undefined {
  const work = statements.filter((stmt) => isWork(stmt, scope) && !fillsList(stmt, scope))
  const sleeps = statements.some((stmt) =>
    valuesOf(stmt).some((value) => within(value).some((part) => part.kind === 'call' && SLEEPS.test(part.callee))),
  )
  if (work.length > 0) return undefined
  if (returns.length === 0) {
    if (sleeps && fn.params.length > 0 && promisesWork(fn.name) && !usesParams(fn, statements)) return 'only waits'
    const talks = (noted && promisesWork(fn.name)) || (delivers(fn.name) && fn.params.length > 0)
    return talks && statements.every(isLog) ? 'only says that it works' : undefined
  }
  const constant = returns.every((value) => isConstant(value, scope))
  if (!constant) return echoes(fn, returns, scope, sleeps ? 1 : 2) ? 'returns made-up data' : undefined
  const data = returns.some((value) => isData(value, scope)) || statements.some((stmt) => fillsList(stmt, scope))
  if (sleeps && data && promisesWork(fn.name)) return 'waits and returns a constant'
  const outcomes = endsWithReturn(fn.body) ? returns : [...returns, NOTHING]
  const same = new Set(outcomes.map((value) => JSON.stringify(value))).size === 1
  if (!same || (usesParams(fn, statements) && returns.length === 1 && !noted)) return undefined
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
function isWork(stmt: Stmt, scope: Scope): boolean {
  if (stmt.kind === 'return' && isConstant(stmt.value, scope)) return false
  return valuesOf(stmt).some((value) => {
    const quiet = new Set(
      within(value)
        .filter((part) => isLogCall(part) || (part.kind === 'call' && isPause(part)))
        .flatMap(within),
    )
    return within(value).some(
      (part) => part.kind === 'call' && !quiet.has(part) && !FILLS.test(part.callee) && !RANDOM.test(part.callee),
    )
  })
}

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

function usesParams(fn: Fn, statements: readonly Stmt[]): boolean {
  const used = statements
    // A bare `void id` only silences the linter.
    .filter((stmt) => !isLog(stmt) && (stmt.kind !== 'run' || within(stmt.value).some((part) => part.kind === 'call')))
    .flatMap((stmt) => valuesOf(stmt).flatMap(within))
    .flatMap((part) => (part.kind === 'name' ? [part.name] : []))
  return used.some((name) => fn.params.includes(name))
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

function unwrapped(value: Expr | undefined, scope: Scope): Expr | undefined {
  let now = value
  for (let step = 0; step < MAX_STEPS && now; step += 1) {
    if (now.kind === 'wrap') now = now.of
    else if (now.kind === 'name' && scope.held.get(now.name)) now = scope.held.get(now.name)
    else break
  }
  return now
}
