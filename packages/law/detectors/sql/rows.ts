import { isAlwaysTrue } from './always-true.ts'
import type { Findings } from './findings.ts'
import { recordAt } from './nodes.ts'
import { parseStatements } from './parser.ts'
import { spell } from './spell.ts'
import type { Words } from './token-list.ts'

const ENDS_CONDITION = new Set(
  'order limit returning option output insert update delete drop truncate exec execute go declare print create alter merge commit end'.split(
    ' ',
  ),
)

/** Whether `update` at a place is followed by a table and `set`. */
export function setFollows(words: Words, place: number): boolean {
  for (let at = place + 1; at < place + 12; at += 1) if (words.at(at) === 'set') return at > place + 1
  return false
}

/** Notes that rows are changed, and whether that may be all of them. */
export function changesRows(words: Words, place: number, verb: string, findings: Findings): void {
  let at = place + 1
  while (/^(from|low_priority|quick|ignore|only|or|rollback|abort|fail|replace)$/.test(words.at(at))) at += 1
  let bounded = false
  if (words.at(at) === 'top') {
    bounded = words.at(at + 1) !== '(' || words.at(at + 4) !== 'percent'
    while (at < words.tokens.length && words.at(at) !== ')' && words.tokens[at]?.kind !== 'number') at += 1
    at += words.at(at + 1) === ')' ? 2 : 1
    if (words.at(at) === 'from') at += 1
  }
  const { name, end } = words.name(at)
  findings.add('writes', `${verb} ${name}`)
  const all = bounded ? undefined : wholeTable(words, end)
  if (all) findings.add('destroys', `${verb} ${name} ${all}`)
}

/** How the rest of a statement reaches every row, or undefined when it doesn't. */
function wholeTable(words: Words, from: number): string | undefined {
  let depth = 0
  let joins = false
  for (let place = from; place < words.tokens.length; place += 1) {
    const word = words.at(place)
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth > 0) continue
    if (depth < 0) break
    if (word === 'where') return isOpen(words, place + 1) ? 'where always true' : undefined
    if (word === 'limit') return undefined
    if (word === 'join') joins = true
    if (joins && (word === 'on' || word === 'using')) return undefined
    if (ENDS_CONDITION.has(word) && word !== 'limit') break
  }
  return 'without where'
}

function isOpen(words: Words, from: number): boolean {
  let depth = 0
  let end = from
  for (; end < words.tokens.length; end += 1) {
    const word = words.at(end)
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth < 0 || (depth === 0 && ENDS_CONDITION.has(word))) break
  }
  if (words.at(end) === 'limit') return false
  const [statement] = parseStatements(`select 1 where ${spell(words.tokens.slice(from, end))}`) ?? []
  return isAlwaysTrue(recordAt(statement, 'SelectStmt')?.whereClause)
}
