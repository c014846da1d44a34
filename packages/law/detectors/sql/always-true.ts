import { isRecord, recordAt, textAt, walkNodes } from './nodes.ts'

/** What an expression is for every row, as far as it can be told without the rows. */
type Known = boolean | number | string | null | undefined

const MAX_DEPTH = 200

/** Whether a condition (a node of libpg_query) holds for every row, or for nearly every row by the way it is written. */
export const isAlwaysTrue = (condition: unknown): boolean => truthOf(condition, 0) === true

/** What holds without looking at any row holds for all or for none, and nobody changes none on purpose. */
function truthOf(node: unknown, depth: number): boolean | undefined {
  const known = knownOf(node, depth)
  if (known === null) return false
  return truth(known) ?? (known === undefined && looksAtNothing(node) ? true : undefined)
}

function looksAtNothing(node: unknown): boolean {
  let looks = false
  walkNodes({ node }, (kind) => {
    looks ||= /^(ColumnRef|SubLink|ParamRef|CurrentOfExpr)$/.test(kind)
    return !looks
  })
  return !looks
}

function truth(value: Known): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string' && /^(t|true|y|yes|on|1)$/i.test(value)) return true
  return undefined
}

function knownOf(node: unknown, depth: number): Known {
  if (!isRecord(node) || depth > MAX_DEPTH) return undefined
  const {
    A_Const: constant,
    BoolExpr: bool,
    A_Expr: expr,
    NullTest: nullTest,
    BooleanTest: test,
    TypeCast: cast,
  } = node
  if (isRecord(constant)) return constantOf(constant)
  if (isRecord(cast)) return knownOf(cast.arg, depth + 1)
  if (isRecord(bool)) return boolOf(bool, depth)
  if (isRecord(expr)) return comparisonOf(expr, depth)
  if (isRecord(nullTest)) {
    const present = isRowId(nullTest.arg) || knownOf(nullTest.arg, depth + 1) !== undefined
    return present && nullTest.nulltesttype === 'IS_NOT_NULL' ? true : undefined
  }
  if (isRecord(test)) {
    const value = truth(knownOf(test.arg, depth + 1))
    if (test.booltesttype === 'IS_NOT_FALSE') return value
    return test.booltesttype === 'IS_TRUE' ? value : undefined
  }
  return isSubLinkTrue(node.SubLink) ? true : undefined
}

function constantOf(constant: Record<string, unknown>): Known {
  if (constant.isnull === true) return null
  const { ival, fval, sval, boolval } = constant
  // Protocol buffers leave out zero, false and the empty text.
  if (isRecord(ival)) return Number(ival.ival ?? 0)
  if (isRecord(fval)) return Number(fval.fval ?? 0)
  if (isRecord(sval)) return String(sval.sval ?? '')
  if (isRecord(boolval)) return boolval.boolval === true
  return undefined
}

function boolOf(bool: Record<string, unknown>, depth: number): Known {
  const args = Array.isArray(bool.args) ? bool.args : []
  const values = args.map((arg) => truthOf(arg, depth + 1))
  if (bool.boolop === 'AND_EXPR') return values.every((value) => value === true) ? true : undefined
  if (bool.boolop === 'NOT_EXPR') return values[0] === undefined ? undefined : !values[0]
  if (values.includes(true)) return true
  return coversBoth(args) ? true : values.every((value) => value === false) ? false : undefined
}

/** `x is null or x is not null`, `x = 1 or x <> 1`, `a or not a`. */
function coversBoth(args: readonly unknown[]): boolean {
  const forms = new Set(args.map(shape))
  return args.some((arg) => {
    const opposite = oppositeOf(arg)
    return opposite !== undefined && forms.has(shape(opposite))
  })
}

function oppositeOf(node: unknown): unknown {
  if (!isRecord(node)) return undefined
  const nullTest = node.NullTest
  if (isRecord(nullTest) && nullTest.nulltesttype === 'IS_NULL')
    return { NullTest: { ...nullTest, nulltesttype: 'IS_NOT_NULL' } }
  const expr = node.A_Expr
  if (isRecord(expr) && operatorOf(expr) === '=') return { A_Expr: { ...expr, name: [{ String: { sval: '<>' } }] } }
  const bool = node.BoolExpr
  if (isRecord(bool) && bool.boolop === 'NOT_EXPR' && Array.isArray(bool.args)) return bool.args[0]
  return undefined
}

/** The same text for nodes that differ in nothing but where they stand. */
const shape = (node: unknown): string =>
  JSON.stringify(node, (key, value) => (key === 'location' ? undefined : value)) ?? ''

function comparisonOf(expr: Record<string, unknown>, depth: number): Known {
  const { lexpr, rexpr, kind } = expr
  const operator = operatorOf(expr)
  const right = knownOf(rexpr, depth + 1)
  if (kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE')
    return typeof right === 'string' && /^%+$/.test(right) ? true : undefined
  if (kind === 'AEXPR_IN') {
    const left = knownOf(lexpr, depth + 1)
    const items = recordAt(rexpr, 'List')?.items
    return left !== undefined && Array.isArray(items) && items.some((item) => knownOf(item, depth + 1) === left)
      ? true
      : undefined
  }
  if (kind === 'AEXPR_DISTINCT' || kind === 'AEXPR_NOT_DISTINCT')
    return shape(lexpr) === shape(rexpr) ? kind === 'AEXPR_NOT_DISTINCT' : undefined
  if (kind !== 'AEXPR_OP') return undefined
  const left = knownOf(lexpr, depth + 1)
  if (left !== undefined && right !== undefined && left !== null && right !== null)
    return compare(left, operator, right)
  if (isRowId(lexpr) && isBelowIds(operator, right)) return true
  return lexpr !== undefined && /^(=|>=|<=)$/.test(operator) && shape(lexpr) === shape(rexpr) ? true : undefined
}

/** `id > 0`, `id <> -1`, and the like. */
const isBelowIds = (operator: string, value: Known): boolean =>
  (typeof value === 'number' &&
    ((value <= 0 && /^(>|>=|<>|!=)$/.test(operator)) || (value === 1 && operator === '>='))) ||
  (value === '' && /^(>|>=|<>|!=)$/.test(operator))

function compare(left: string | number | boolean, operator: string, right: string | number | boolean): Known {
  // A number beside a text is compared as a number.
  const [a, b] = typeof left === typeof right ? [left, right] : [Number(left), Number(right)]
  if (operator === '=') return a === b
  if (operator === '<>' || operator === '!=') return a !== b
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  if (operator === '>') return a > b
  if (operator === '>=') return a >= b
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  if (operator === '+') return a + b
  return operator === '-' ? a - b : operator === '*' ? a * b : undefined
}

function operatorOf(expr: Record<string, unknown>): string {
  const name = Array.isArray(expr.name) ? expr.name.at(-1) : undefined
  return textAt(recordAt(name, 'String'), 'sval') ?? ''
}

/** A column by which rows are told apart, so that it is never null and never below one. */
function isRowId(node: unknown): boolean {
  const fields = recordAt(node, 'ColumnRef')?.fields
  const last = Array.isArray(fields) ? textAt(recordAt(fields.at(-1), 'String'), 'sval') : undefined
  return last !== undefined && /^(id|rowid|ctid|oid|uuid|_id)$/i.test(last)
}

/** `exists (select 1)`: without a table there is always a row. */
function isSubLinkTrue(link: unknown): boolean {
  if (!isRecord(link)) return false
  const select = recordAt(link.subselect, 'SelectStmt')
  if (!select || select.whereClause !== undefined || select.limitCount !== undefined) return false
  if (link.subLinkType === 'EXISTS_SUBLINK') return select.fromClause === undefined
  // `id in (select id from t)`
  return link.subLinkType === 'ANY_SUBLINK' && isRowId(link.testexpr) && isPlainIdOf(select)
}

function isPlainIdOf(select: Record<string, unknown>): boolean {
  const targets = select.targetList
  const from = select.fromClause
  if (!Array.isArray(targets) || !Array.isArray(from) || from.length !== 1 || select.groupClause !== undefined)
    return false
  return (
    targets.length === 1 &&
    isRowId(recordAt(targets[0], 'ResTarget')?.val) &&
    recordAt(from[0], 'RangeVar') !== undefined
  )
}
