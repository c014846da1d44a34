import { childrenOf, type Expr, type Fn, type Stmt, statementsIn, type Unit, valuesOf, within } from './code.ts'

export const SLEEPS =
  /(^|\.)(sleep|delay|wait|setTimeout|setInterval|timeout|pause|usleep|sleep_ms|sleepMs|wait_for_timeout)$/
const LOGS = /^(console|logger?|logging|log|print|debug|winston|pino|this\.logger?|self\.(logger?|_log\w*))(\.|$)/
export const RANDOM =
  /^(Math\.random|random\.\w+|np\.random\.\w+|numpy\.random\.\w+|crypto\.randomInt|randint|uniform)$/
/** Calls that hand over what they are given, or what is always at hand. */
export const FILLS =
  /^(Number|String|Boolean|BigInt|parseInt|parseFloat|Math\.(?!random)\w+|bool|abs|Promise\.resolve|Object\.freeze|structuredClone|JSON\.parse|JSON\.stringify|Date|Date\.now|Array|Array\.from|Map|Set|dict|list|tuple|set|float|int|str|round|Decimal|datetime\.\w+|datetime\.datetime\.\w+|time\.time|crypto\.randomUUID|randomUUID|uuid\.uuid4|uuid4|uuidv4|Response\.json|asyncio\.sleep|range|enumerate|zip|sorted|reversed|tqdm|trange|tqdm\.tqdm|time\.\w*(?:monotonic|perf_counter)\w*|performance\.now|clearTimeout|clearInterval)$|\.(toISOString|isoformat|toFixed|slice|toString)$/

/** Names of functions that only show how far the work is, or that are handed in to be told. */
const TELLS =
  /(^|\.)(emit|postMessage|(report|set|update|show|on|notify|send|log|print)?_?(progress|status|step|stage|state|percent\w*)|update_state|spinner\.\w+|p?bar\.\w+|progress\w*\.\w+)$/i
const CALLBACK =
  /^(cb|callback|done|next|resolve|reject|on[A-Z_]\w*|report\w*|\w*progress\w*|notify\w*|emit|listener|observer|hook|\w*(callback|_cb|Cb))$/i

/** What the variables that a function sees always are. */
export interface Scope {
  /** Undefined for one that is set more than once. */
  readonly held: ReadonlyMap<string, Expr | undefined>
  /** Whether what a variable holds is constant, as found before. */
  readonly known: Map<Expr, boolean>
  /** Names of the functions that a function was given to tell them something. */
  readonly callbacks: ReadonlySet<string>
}

/** @param statements of the function, with those inside them */
export function scopeOf(fn: Fn, statements: readonly Stmt[], unit: Unit): Scope {
  const held = new Map<string, Expr | undefined>()
  for (const stmt of unit.top)
    if (stmt.kind === 'set') held.set(stmt.name, held.has(stmt.name) ? undefined : stmt.value)
  const own = new Set<string>()
  for (const stmt of [...statements, ...innerStatements(statements)]) {
    if (stmt.kind !== 'set') continue
    held.set(stmt.name, own.has(stmt.name) ? undefined : stmt.value)
    own.add(stmt.name)
  }
  return { held, known: new Map(), callbacks: new Set(fn.params.filter((param) => CALLBACK.test(param))) }
}

/** Statements of the functions inside of statements. */
const innerStatements = (statements: readonly Stmt[]): Stmt[] =>
  statements
    .flatMap(valuesOf)
    .flatMap(within)
    .flatMap((part) => (part.kind === 'function' ? statementsIn(part.fn.body) : []))

export const isLogCall = (part: Expr): boolean => part.kind === 'call' && LOGS.test(part.callee)
export const isLog = (stmt: Stmt): boolean => stmt.kind === 'run' && within(stmt.value).some(isLogCall)

/** True for a statement that changes nothing which others could see: a log, or a variable with a constant. */
export const isQuiet = (stmt: Stmt, scope: Scope): boolean =>
  isLog(stmt) ||
  (stmt.kind === 'set' && isConstant(stmt.value, scope)) ||
  (stmt.kind === 'run' && isConstant(stmt.value, scope))

/** True for a call that tells how far the work is, or that hands a value to a callback. */
export const isTelling = ({ callee }: Expr & { kind: 'call' }, scope: Scope): boolean =>
  TELLS.test(callee) || scope.callbacks.has(callee) || scope.callbacks.has(callee.replace(/\.(call|apply)$/, ''))

/** What a value is behind wrappings and variables. */
export function unwrapped(value: Expr | undefined, scope: Scope): Expr | undefined {
  let now = value
  for (let step = 0; step < MAX_STEPS && now; step += 1) {
    if (now.kind === 'wrap') now = now.of
    else if (now.kind === 'name' && scope.held.get(now.name)) now = scope.held.get(now.name)
    else break
  }
  return now
}

const MAX_STEPS = 40

/** Whether a value is made of constants alone. */
export function isConstant(value: Expr, scope: Scope, steps = 0): boolean {
  if (steps > MAX_STEPS) return false
  const inner = (part: Expr): boolean => isConstant(part, scope, steps + 1)
  if (value.kind === 'literal') return true
  if (value.kind === 'list') return value.items.every(inner)
  if (value.kind === 'object') return value.entries.every((entry) => inner(entry.value))
  if (value.kind === 'wrap') return inner(value.of)
  if (value.kind === 'call') return isFilling(value, scope, inner)
  if (value.kind === 'other') return value.parts.length > 0 && value.parts.every(inner)
  if (value.kind === 'function') return false
  const held = scope.held.get(value.name)
  if (held === undefined) return false
  const known = scope.known.get(held) ?? inner(held)
  scope.known.set(held, known)
  return known
}

function isFilling(call: Expr & { kind: 'call' }, scope: Scope, inner: (part: Expr) => boolean): boolean {
  if (isDelayedConstant(call, scope, inner) || isConstantThen(call, inner)) return true
  // `setTimeout(ms, value)` of node:timers/promises.
  if (SLEEPS.test(call.callee) && call.args.length > 1 && call.args[0]?.kind !== 'function')
    return call.args.every(inner)
  if (!FILLS.test(call.callee)) return false
  const on =
    call.on?.kind === 'other' &&
    !/^(Promise|Object|JSON|Date|Array|Math|datetime|uuid|time|crypto|random|np|numpy|Response|asyncio)\./.test(
      call.callee,
    )
  return (
    call.args.every((arg) => arg.kind === 'function' || inner(arg)) &&
    (!on || (call.on !== undefined && inner(call.on)))
  )
}

/** `new Promise((resolve) => setTimeout(() => resolve(x), 100))` with a constant for `x`. */
function isDelayedConstant(call: Expr & { kind: 'call' }, scope: Scope, inner: (part: Expr) => boolean): boolean {
  const [executor] = call.args
  if (call.callee !== 'Promise' || executor?.kind !== 'function') return false
  const resolve = executor.fn.params[0]
  const calls = within(executor).flatMap((part) => (part.kind === 'call' ? [part] : []))
  const resolved = calls.filter(({ callee }) => callee === resolve)
  return (
    resolved.length > 0 &&
    resolved.every(({ args }) => args.every(inner)) &&
    calls.every(
      (each) =>
        each.callee === resolve ||
        [SLEEPS, LOGS, FILLS, RANDOM].some((pattern) => pattern.test(each.callee)) ||
        isTelling(each, scope),
    )
  )
}

/** `sleep(500).then(() => x)` with a constant for `x`. */
function isConstantThen(call: Expr & { kind: 'call' }, inner: (part: Expr) => boolean): boolean {
  const source = call.on?.kind === 'other' ? call.on.parts[0] : undefined
  if (!/\.then$/.test(call.callee) || source?.kind !== 'call') return false
  const waits = SLEEPS.test(source.callee) ? source.args.every((arg) => arg.kind !== 'function') : inner(source)
  return (
    waits &&
    call.args.every((arg) => {
      const [only, ...rest] = arg.kind === 'function' ? arg.fn.body : []
      return only?.kind === 'return' && rest.length === 0 && inner(only.value)
    })
  )
}

/** More than nothing, yes or no. */
export function isData(value: Expr, scope: Scope, steps = 0): boolean {
  if (steps > MAX_STEPS) return false
  if (value.kind === 'wrap') return isData(value.of, scope, steps + 1)
  if (value.kind === 'name') return isData(scope.held.get(value.name) ?? { kind: 'list', items: [] }, scope, steps + 1)
  if (value.kind === 'literal')
    return value.value !== null && value.value !== '' && value.value !== 0 && value.value !== false
  if (value.kind === 'list') return value.items.length > 0
  if (value.kind === 'object') return value.entries.length > 0
  return value.kind === 'call' || value.kind === 'other'
}

export function isRandom(value: Expr, scope: Scope): boolean {
  const all = new Set<Expr>()
  const open = [value]
  for (let next = open.pop(); next; next = open.pop()) {
    if (all.has(next)) continue
    all.add(next)
    const held = next.kind === 'name' ? scope.held.get(next.name) : undefined
    open.push(...childrenOf(next), ...(held ? [held] : []))
  }
  const calls = [...all].flatMap((part) => (part.kind === 'call' ? [part.callee] : []))
  // An index or the letters of an id are no measure.
  return calls.some((callee) => RANDOM.test(callee)) && !calls.some((callee) => PICKS.test(callee))
}

const PICKS = /\.(choice|choices|sample|shuffle|toString|randomInt)$/
