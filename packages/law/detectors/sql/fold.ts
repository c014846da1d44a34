import { isRecord, lastName, listAt, recordAt, stringOf, textAt } from './nodes.ts'

const MAX_DEPTH = 500
/** Stands for a part that isn't known before the statement runs; it reads as a name. */
const UNKNOWN = 'x'

export interface Folded {
  text: string
  /** False when a part of the text isn't known. */
  whole: boolean
}

/** The text that an expression (a node of libpg_query) makes, as far as it consists of constants. */
export function foldText(node: unknown, variables: ReadonlyMap<string, Folded> = new Map()): Folded {
  const unknown: Folded = { text: UNKNOWN, whole: false }
  const fold = (part: unknown, depth: number): Folded => {
    if (!isRecord(part) || depth > MAX_DEPTH) return unknown
    const constant = recordAt(part, 'A_Const')
    if (constant) return foldConstant(constant)
    const cast = recordAt(part, 'TypeCast')
    if (cast) return fold(cast.arg, depth + 1)
    const column = listAt(recordAt(part, 'ColumnRef'), 'fields')
    if (column.length > 0) return variables.get(lastName(column).toLowerCase()) ?? unknown
    const expr = recordAt(part, 'A_Expr')
    if (expr && ['||', '+'].includes(stringOf(listAt(expr, 'name')[0]) ?? '')) {
      return joined([fold(expr.lexpr, depth + 1), fold(expr.rexpr, depth + 1)])
    }
    const call = recordAt(part, 'FuncCall')
    if (!call) return unknown
    const args = listAt(call, 'args').map((arg) => fold(arg, depth + 1))
    return CALLS[lastName(listAt(call, 'funcname')).toLowerCase()]?.(args) ?? { ...joined(args), whole: false }
  }
  return fold(node, 0)
}

function foldConstant(constant: Record<string, unknown>): Folded {
  const text = textAt(constant.sval, 'sval')
  const number = recordAt(constant, 'ival')
  if (text !== undefined) return { text, whole: true }
  return number ? { text: String(number.ival ?? 0), whole: true } : { text: '', whole: true }
}

function joined(parts: readonly Folded[], separator = ''): Folded {
  return { text: parts.map(({ text }) => text).join(separator), whole: parts.every(({ whole }) => whole) }
}

const mapped =
  (change: (text: string) => string) =>
  (args: Folded[]): Folded => ({
    text: change(args[0]?.text ?? ''),
    whole: args[0]?.whole === true,
  })

const charOf = (text: string): string => {
  const code = Number(text)
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : UNKNOWN
}

/** Functions of PostgreSQL, MySQL and SQL Server that make text of text. */
const CALLS: Readonly<Record<string, ((args: Folded[]) => Folded) | undefined>> = {
  concat: (args) => joined(args),
  concat_ws: ([separator, ...args]) => joined(args, separator?.text),
  quote_ident: mapped((text) => `"${text.replaceAll('"', '""')}"`),
  quotename: mapped((text) => `"${text.replaceAll('"', '""')}"`),
  quote_literal: mapped((text) => `'${text.replaceAll("'", "''")}'`),
  lower: mapped((text) => text.toLowerCase()),
  upper: mapped((text) => text.toUpperCase()),
  btrim: mapped((text) => text.trim()),
  trim: mapped((text) => text.trim()),
  reverse: mapped((text) => [...text].reverse().join('')),
  chr: mapped(charOf),
  char: (args) => joined(args.map(({ text, whole }) => ({ text: charOf(text), whole }))),
  unhex: mapped((text) => Buffer.from(text, 'hex').toString('utf8')),
  decode: ([text, encoding]) => ({
    text: Buffer.from(text?.text ?? '', encoding?.text === 'hex' ? 'hex' : 'base64').toString('utf8'),
    whole: text?.whole === true,
  }),
  convert_from: ([text]) => text ?? joined([]),
  from_base64: mapped((text) => Buffer.from(text, 'base64').toString('utf8')),
  replace: ([text, from, to]) => ({
    text: from?.text ? (text?.text ?? '').replaceAll(from.text, () => to?.text ?? '') : (text?.text ?? ''),
    whole: text?.whole === true,
  }),
  format: ([form, ...args]) => {
    let at = 0
    const text = (form?.text ?? '').replaceAll(
      /%(?:(\d+)\$)?([sIL%])/g,
      (_, place: string | undefined, kind: string) => {
        if (kind === '%') return '%'
        const value = args[place ? Number(place) - 1 : at++]?.text ?? UNKNOWN
        if (kind === 'I') return `"${value.replaceAll('"', '""')}"`
        return kind === 'L' ? `'${value.replaceAll("'", "''")}'` : value
      },
    )
    return { text, whole: form?.whole === true && args.every(({ whole }) => whole) }
  },
}
