import pgQuery from 'libpg-query'
import { POSTGRES, type Token, tokenize } from './tokens.ts'

// About 20 ms and 15 MB, once, so that parsing is synchronous afterwards.
await pgQuery.loadModule()

export const MAX_SQL = 65_536

/**
 * The parser recurses. When it runs out of stack, its memory is left broken for good, so nothing is given to it that could
 * nest that deep: it copes with more than 4,000 levels.
 */
const MAX_DEPTH = 1500

/** The statements as PostgreSQL's parser builds them (libpg_query's JSON), or undefined when it can't read them. */
export function parseStatements(text: string, tokens = tokenize(text, POSTGRES)): unknown[] | undefined {
  if (text.length > MAX_SQL || !tokens || !isShallow(tokens)) return undefined
  return attempt(() => (pgQuery.parseSync(text).stmts ?? []).map(({ stmt }) => stmt))
}

/** The syntax tree of a PL/pgSQL block, or undefined when it can't be read. */
export function parseBlock(body: string): unknown {
  const tag = body.includes('$azora$') ? '$azora_block$' : '$azora$'
  if (body.length > MAX_SQL || body.includes(tag)) return undefined
  return attempt(() =>
    pgQuery.parsePlPgSQLSync(`create function f() returns void language plpgsql as ${tag}${body}${tag}`),
  )
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof RangeError || (thrown instanceof Error && thrown.name === 'RuntimeError')) throw thrown
    return undefined
  }
}

/** False when the tokens could nest deeper than the parser can cope with. */
export function isShallow(tokens: readonly Token[]): boolean {
  const outer: number[] = []
  let base = 0
  let depth = 0
  for (const { kind, value } of tokens) {
    if (kind === 'symbol' && (value === '(' || value === '[')) {
      outer.push(base, depth)
      base = depth + 1
      depth = base
    } else if (kind === 'symbol' && (value === ')' || value === ']')) {
      depth = (outer.pop() ?? 0) + 1
      base = outer.pop() ?? 0
    } else if (kind === 'symbol' && (value === ',' || value === ';')) depth = base
    else if (kind === 'symbol' || kind === 'word') depth += 1
    if (depth > MAX_DEPTH) return false
  }
  return true
}
