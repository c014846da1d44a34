/** Source code reduced to what tells work from the pretence of it, the same for each language. */
export type Expr =
  /** A constant; `null` also for `None` and `undefined`. */
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'name'; name: string }
  | { kind: 'list'; items: readonly Expr[] }
  | { kind: 'object'; entries: ReadonlyArray<{ key: string; value: Expr }> }
  /** A call; the callee is its dotted name, such as `requests.get`, or empty when it is computed. */
  | { kind: 'call'; callee: string; args: readonly Expr[]; on?: Expr | undefined }
  /** A value in a wrapping that doesn't change what it says: `await x`, `x as T`, `...x`, `-x`. */
  | { kind: 'wrap'; of: Expr }
  | { kind: 'function'; fn: Fn }
  /** A text or sum put together, a choice, or anything else that is computed of its parts. */
  | { kind: 'other'; parts: readonly Expr[] }

export type Stmt =
  | { kind: 'return'; value: Expr }
  | { kind: 'throw'; value: Expr }
  | { kind: 'run'; value: Expr }
  /** A variable gets a value. */
  | { kind: 'set'; name: string; value: Expr }
  | { kind: 'if'; test: Expr; yes: readonly Stmt[]; no: readonly Stmt[] }
  | { kind: 'try'; body: readonly Stmt[]; handler: readonly Stmt[]; last: readonly Stmt[] }
  /** A loop or another block, with the values that it is over. */
  | { kind: 'block'; over: readonly Expr[]; body: readonly Stmt[] }

export interface Fn {
  /** Empty for one without a name of its own. */
  name: string
  async: boolean
  params: readonly string[]
  body: readonly Stmt[]
  /** Comments and docstrings inside, without their marks. */
  comments: readonly string[]
  /** The docstring among them. */
  doc?: string | undefined
  /** True where it is declared to give back something other than nothing. */
  answers?: boolean
  /** What may do nothing with good reason: accessors, constructors, overrides of an abstract class, decorated declarations. */
  exempt: boolean
  /** A member of an object, where doing nothing is a common default. */
  inObject?: boolean
  /** A method, and the class that it belongs to. */
  owner?: { name: string; bases: readonly string[] } | undefined
  /** Offsets in the source, in UTF-16 code units. */
  start: number
  end: number
}

export interface Unit {
  functions: Fn[]
  classes: Array<NonNullable<Fn['owner']>>
  imports: Array<{ module: string; names: readonly string[]; start: number }>
  /** Names of everything that is called or instantiated. */
  calls: Array<{ callee: string; isNew: boolean; start: number }>
  /** Variables and members that are set to a constant, or read from the environment. */
  switches: Array<{ name: string; on: boolean; start: number }>
  /** Variables of the module. */
  top: readonly Stmt[]
}

/** Functions inside of functions; people nest a handful. */
export const MAX_FUNCTIONS = 60

export const NOTHING: Expr = { kind: 'literal', value: null }

/** All statements in a body with those inside them, but not those of inner functions. */
export function statementsIn(body: readonly Stmt[]): Stmt[] {
  return body.flatMap((stmt) => {
    if (stmt.kind === 'if') return [stmt, ...statementsIn(stmt.yes), ...statementsIn(stmt.no)]
    if (stmt.kind === 'try') {
      return [stmt, ...statementsIn(stmt.body), ...statementsIn(stmt.handler), ...statementsIn(stmt.last)]
    }
    return stmt.kind === 'block' ? [stmt, ...statementsIn(stmt.body)] : [stmt]
  })
}

/** The values that a statement itself looks at, without those of the statements inside it. */
export function valuesOf(stmt: Stmt): readonly Expr[] {
  if (stmt.kind === 'if') return [stmt.test]
  if (stmt.kind === 'try') return []
  return stmt.kind === 'block' ? stmt.over : [stmt.value]
}

export function childrenOf(expr: Expr): readonly Expr[] {
  if (expr.kind === 'list') return expr.items
  if (expr.kind === 'object') return expr.entries.map(({ value }) => value)
  if (expr.kind === 'call') return expr.on ? [expr.on, ...expr.args] : expr.args
  if (expr.kind === 'wrap') return [expr.of]
  if (expr.kind === 'other') return expr.parts
  if (expr.kind === 'function') return statementsIn(expr.fn.body).flatMap(valuesOf)
  return []
}

/** An expression and all inside it, in the order of the source. */
export function within(expr: Expr): Expr[] {
  const found: Expr[] = []
  const open = [expr]
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(next)
    open.push(...childrenOf(next).toReversed())
  }
  return found
}
