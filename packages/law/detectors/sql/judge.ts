import { judgeBlock } from './block.ts'
import { Findings } from './findings.ts'
import { beginsLikeSql } from './guess.ts'
import { isShallow, MAX_SQL, parseStatements } from './parser.ts'
import { spell } from './spell.ts'
import { BRACKETS, type Dialect, MYSQL, POSTGRES, type Token, tokenize } from './tokens.ts'
import { judgeTree, type Made } from './tree.ts'
import { findGlued, judgeWords } from './words.ts'

/** Texts in texts that are still followed; more are only made to hide what is done. */
const MAX_DEPTH = 4
/** Statements of other dialects than PostgreSQL's that are read one by one. */
const MAX_STATEMENTS = 1000

/** Whether the dialects may read a text differently. */
const AMBIGUOUS = /[\\#`[$]|--\S|\/\*/

/**
 * What a text of SQL may do, or undefined when it is no SQL. The dialect isn't known, so what any of them would do counts.
 * What PostgreSQL's parser can't read is judged by its words.
 */
export function judgeSql(given: string, declared: boolean): Findings | undefined {
  // PostgreSQL's parser would take a NUL for the end.
  const text = given.replaceAll('\0', ' ')
  const findings = new Findings()
  return judgeText(text, { findings, declared, depth: 0, made: nothing() }) ? findings : undefined
}

interface Judging {
  findings: Findings
  declared: boolean
  depth: number
  made: Made
}

const nothing = (): Made => ({ tables: new Set(), prepared: new Set(), functions: new Map() })

function judgeText(text: string, judging: Judging): boolean {
  const { findings, declared } = judging
  if (text.length > MAX_SQL) {
    // Only the beginning decides whether it is SQL at all.
    const start = tokenize(text.slice(0, 2000).replace(/\S*$/, ''), POSTGRES) ?? []
    const isSql = declared || beginsLikeSql(start)
    if (isSql) findings.add('unreadable', `more than ${MAX_SQL} characters`)
    return isSql
  }
  const readings = readingsOf(text)
  const likely = declared ? readings : readings.filter(({ tokens }) => beginsLikeSql(tokens))
  if (likely.length === 0) {
    if (declared) findings.add('unreadable', 'a comment or a quotation has no end')
    return declared
  }
  const understood = likely.map((reading) => judgeReading(reading, text, judging))
  if (declared && !understood.includes(true)) findings.add('unreadable', 'no statement of SQL')
  return true
}

interface Reading {
  dialect: Dialect
  tokens: Token[]
}

/** Each way in which a text can be taken apart, once. */
function readingsOf(text: string): Reading[] {
  const dialects = AMBIGUOUS.test(text) && !isOnlyPostgres(text) ? [POSTGRES, MYSQL, BRACKETS] : [POSTGRES]
  const seen = new Set<string>()
  return dialects.flatMap((dialect) => {
    const tokens = tokenize(text, dialect)
    if (!tokens) return []
    const spelling = spell(tokens)
    if (seen.has(spelling)) return []
    seen.add(spelling)
    return [{ dialect, tokens }]
  })
}

/**
 * Whether PostgreSQL reads a text that is an error elsewhere: bodies in dollar quotes, or `#` in its operators for JSON.
 */
function isOnlyPostgres(text: string): boolean {
  const hash = text.includes('#') && !/#(?!>|-\s*['"{])/.test(text)
  const dollars = /\$\w*\$/.test(text) && /\b(do|function|procedure)\b/i.test(text)
  return (dollars || hash) && !/[\\`]|\/\*[!M]|--\S/.test(text) && parseStatements(text) !== undefined
}

/** Judges all statements of a reading; false when one of them is none of any dialect. */
function judgeReading({ dialect, tokens }: Reading, text: string, judging: Judging): boolean {
  const { findings } = judging
  if (!isShallow(tokens)) findings.add('unreadable', 'nested too deep')
  const whole = dialect === POSTGRES ? parseStatements(text, tokens) : undefined
  if (whole) {
    for (const statement of whole) tree(statement, judging)
    findGlued(tokens, findings)
    return true
  }
  const statements = split(tokens)
  if (statements.length > MAX_STATEMENTS) findings.add('unreadable', `more than ${MAX_STATEMENTS} statements`)
  const understood = statements.slice(0, MAX_STATEMENTS).map((statement) => judgeStatement(statement, dialect, judging))
  carriedOut(statements.slice(0, MAX_STATEMENTS), judging)
  return understood.every(Boolean)
}

function judgeStatement(tokens: readonly Token[], dialect: Dialect, judging: Judging): boolean {
  const parsed = parseStatements(spell(tokens))
  for (const statement of parsed ?? []) tree(statement, judging)
  if (parsed) return true
  // Only where brackets quote a name is there a bracket that PostgreSQL's parser doesn't take.
  const impossible = !dialect.brackets && tokens.some(({ kind, value }) => kind === 'symbol' && value === '[')
  return !impossible && judgeWords(tokens, judging.findings)
}

function tree(statement: unknown, judging: Judging): void {
  const { findings, made } = judging
  const judgeInner = (text: string, whole: boolean): void => inner(text, whole, judging)
  judgeTree(statement, {
    findings,
    made,
    judgeInner,
    judgeBlock: (body) => judgeBlock(body, findings, judgeInner),
  })
}

/** Judges a text that a statement carries out. */
function inner(text: string, whole: boolean, judging: Judging): void {
  const { findings, depth } = judging
  const understood = depth < MAX_DEPTH && judgeText(text, { ...judging, declared: true, depth: depth + 1 })
  if (whole && understood) return
  findings.add('writes', 'a text that is put together while it runs')
  if (!understood) findings.add('unreadable', 'a text that is put together while it runs')
}

/** Splits at semicolons and at `GO` between batches; statements without any token are left out. */
function split(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]]
  for (const token of tokens) {
    if ((token.kind === 'symbol' && token.value === ';') || (token.kind === 'word' && token.value === 'go'))
      statements.push([])
    else statements.at(-1)?.push(token)
  }
  return statements.filter(({ length }) => length > 0)
}

const RUNS = /^(exec|execute|prepare|sp_executesql|eval)$/

/** Judges the texts that MySQL's `PREPARE … FROM` and T-SQL's `EXEC (…)` carry out: the pieces in each statement, put together. */
function carriedOut(statements: readonly Token[][], judging: Judging): void {
  if (!statements.some((tokens) => tokens.some(({ kind, value }) => kind === 'word' && RUNS.test(value)))) return
  for (const tokens of statements) {
    const pieces = tokens.flatMap(({ kind, value }) => (kind === 'string' ? [value] : []))
    if (pieces.length > 0 && judging.depth < MAX_DEPTH) {
      judgeText(pieces.join(''), { ...judging, declared: false, depth: judging.depth + 1 })
    }
  }
}
