/**
 * A token of SQL. `word` is a bare identifier or keyword, `name` a quoted one, `variable` a placeholder or a variable such
 * as `$1`, `?`, `:id`, `%s`, `@x`.
 */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'variable' | 'symbol'
  /** A word in lower case, the content of a quoted name or string without its quotes, or the characters themselves. */
  readonly value: string
}

/** How a family of databases reads what others read differently. */
export interface Dialect {
  readonly name: 'postgres' | 'mysql' | 'brackets'
  /** A backslash in a string takes the next character along. */
  readonly backslash: boolean
  /** `#` starts a comment, `--` only before a space, and `/*!` holds code. */
  readonly mysqlComments: boolean
  /** A comment may hold another one. */
  readonly nested: boolean
  readonly dollarQuotes: boolean
  /** `[x]` is a name. */
  readonly brackets: boolean
}

export const POSTGRES: Dialect = {
  name: 'postgres',
  backslash: false,
  mysqlComments: false,
  nested: true,
  dollarQuotes: true,
  brackets: false,
}
export const MYSQL: Dialect = {
  ...POSTGRES,
  name: 'mysql',
  backslash: true,
  mysqlComments: true,
  dollarQuotes: false,
  nested: false,
}
/** T-SQL and SQLite. */
export const BRACKETS: Dialect = { ...POSTGRES, name: 'brackets', dollarQuotes: false, nested: false, brackets: true }

// Each is sticky and linear: no part can match what the next one starts with.
const SPACE = /[\s\uFEFF]+/y
const WORD = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y
const NUMBER = /0[xX][\da-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const VARIABLE = /\$\d+|\?\d*|:[A-Za-z_]\w*|@{1,2}[\w$.]+|%s|%\(\w+\)s|\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{\w*\}/y
const SYMBOL = /::|\|\||<=|>=|<>|!=|:=|=>|->>?|./suy
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$/y
const MYSQL_CODE = /\/\*M?!\d*/y
const STRING_PREFIX = /^(?:[enbxr]|u&|_\w+)$/

/** The tokens without comments, or undefined when a comment, string or name has no end. */
export function tokenize(text: string, dialect: Dialect): Token[] | undefined {
  const reader = new Reader(text, dialect)
  while (reader.at < text.length) if (!reader.step()) return undefined
  return reader.inCode ? undefined : reader.tokens
}

class Reader {
  readonly tokens: Token[] = []
  readonly text: string
  readonly dialect: Dialect
  at = 0
  /** Between `/*!` and its end. */
  inCode = false

  constructor(text: string, dialect: Dialect) {
    this.text = text
    this.dialect = dialect
  }

  /** Reads one token or comment; false when it has no end. */
  step(): boolean {
    if (this.match(SPACE)) return true
    if (this.comment()) return true
    const { text, at } = this
    const char = text[at] as string
    if (text.startsWith('/*', at)) return this.blockComment()
    if (char === "'") return this.quoted("'", 'string', this.dialect.backslash)
    if (char === '"') return this.quoted('"', 'name', this.dialect.backslash)
    if (char === '`') return this.quoted('`', 'name', false)
    if (char === '[' && this.dialect.brackets) return this.quoted(']', 'name', false)
    if (char === '$' && this.dialect.dollarQuotes && !isDigit(text[at + 1])) {
      const tag = this.match(DOLLAR_TAG)
      if (tag) return this.dollarQuoted(tag)
    }
    const word = this.match(WORD)
    if (word) return this.word(word.toLowerCase())
    this.push('number', this.match(NUMBER)) ||
      this.push('variable', this.match(VARIABLE)) ||
      this.push('symbol', this.match(SYMBOL))
    return true
  }

  private push(kind: Token['kind'], value: string | undefined): boolean {
    if (value === undefined) return false
    this.tokens.push({ kind, value })
    return true
  }

  /** A word, or the prefix of a string: `E'…'`, `N'…'`, `U&"…"`. */
  private word(word: string): boolean {
    const next = this.text[this.at]
    if (word === 'u' && next === '&' && /^['"]/.test(this.text[this.at + 1] ?? '')) {
      this.at += 1
      const quote = this.text[this.at] as string
      return this.quoted(quote, quote === "'" ? 'string' : 'name', false, unescapeUnicode)
    }
    if (next === "'" && STRING_PREFIX.test(word))
      return this.quoted("'", 'string', word === 'e' || this.dialect.backslash)
    return this.push('word', word)
  }

  private comment(): boolean {
    const { text, dialect } = this
    if (this.inCode && text.startsWith('*/', this.at)) {
      this.at += 2
      this.inCode = false
      return true
    }
    if (dialect.mysqlComments && !this.inCode && this.match(MYSQL_CODE)) {
      this.inCode = true
      return true
    }
    const dashes =
      text.startsWith('--', this.at) && (!dialect.mysqlComments || /^(\s|$)/.test(text.slice(this.at + 2, this.at + 3)))
    if (!dashes && !(dialect.mysqlComments && text[this.at] === '#')) return false
    const end = text.indexOf('\n', this.at)
    this.at = end < 0 ? text.length : end + 1
    return true
  }

  private blockComment(): boolean {
    const mark = /\/\*|\*\//g
    mark.lastIndex = this.at
    let depth = 0
    for (let found = mark.exec(this.text); found; found = mark.exec(this.text)) {
      if (found[0] === '*/') depth -= 1
      else if (depth === 0 || this.dialect.nested) depth += 1
      if (depth === 0) {
        this.at = mark.lastIndex
        return true
      }
    }
    return false
  }

  private quoted(
    quote: string,
    kind: 'string' | 'name',
    backslash: boolean,
    decode = (value: string) => value,
  ): boolean {
    const parts: string[] = []
    for (let at = this.at + 1, from = at; at < this.text.length; at += 1) {
      const char = this.text[at]
      if (char === '\\' && backslash) {
        parts.push(this.text.slice(from, at))
        from = at + 1
        at += 1
      } else if (char === quote) {
        parts.push(this.text.slice(from, at))
        if (this.text[at + 1] !== quote) {
          this.at = at + 1
          return this.push(kind, decode(parts.join('')))
        }
        from = at + 1
        at += 1
      }
    }
    return false
  }

  private dollarQuoted(tag: string): boolean {
    const end = this.text.indexOf(tag, this.at)
    if (end < 0) return false
    this.push('string', this.text.slice(this.at, end))
    this.at = end + tag.length
    return true
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found) this.at += found.length
    return found || undefined
  }
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9'

const unescapeUnicode = (value: string): string =>
  value.replaceAll(
    /\\(?:\+([\da-fA-F]{6})|([\da-fA-F]{4}))/g,
    (_, long: string | undefined, short: string | undefined) => {
      const code = Number.parseInt(long ?? short ?? '0', 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : ''
    },
  )
