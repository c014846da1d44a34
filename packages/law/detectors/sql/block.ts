import type { Findings } from './findings.ts'
import { type Folded, foldText } from './fold.ts'
import { isRecord, listAt, type Node, recordAt, textAt, walkNodes } from './nodes.ts'
import { parseBlock, parseStatements } from './parser.ts'

/** How PL/pgSQL reads a piece of SQL (`RawParseMode` of PostgreSQL): a statement, an expression, or an assignment. */
const STATEMENT = 0
const ASSIGNMENT = 3

/** Notes what a block of PL/pgSQL may do. `judgeInner` judges a piece of SQL. */
export function judgeBlock(body: string, findings: Findings, judgeInner: (text: string, whole: boolean) => void): void {
  const tree = parseBlock(body)
  if (tree === undefined) {
    findings.add('writes', 'block that can not be read')
    findings.add('unreadable', 'block')
    return
  }
  const variables = new Map<string, Folded>()
  walkNodes(tree, (kind, node) => {
    if (kind === 'PLpgSQL_var') {
      const start = recordAt(recordAt(node, 'default_val'), 'PLpgSQL_expr')
      if (start)
        variables.set((textAt(node, 'refname') ?? '').toLowerCase(), folded(textAt(start, 'query') ?? '', variables))
    }
    if (kind === 'PLpgSQL_stmt_dynexecute' || kind === 'PLpgSQL_stmt_dynfors' || kind === 'PLpgSQL_stmt_return_query')
      dynamic(node)
    if (kind === 'PLpgSQL_stmt_open' || kind === 'PLpgSQL_stmt_forc') dynamic(node)
    if (kind === 'PLpgSQL_expr') expression(node)
    return true
  })

  function expression(node: Node): void {
    const query = textAt(node, 'query') ?? ''
    if (node.parseMode === STATEMENT) judgeInner(query, true)
    else if (node.parseMode === ASSIGNMENT) {
      const [target = '', value = ''] = splitAssignment(query)
      variables.set(target, folded(value, variables))
      judgeInner(`select ${value}`, true)
    } else judgeInner(`select ${query}`, true)
  }

  function dynamic(node: Node): void {
    const query = textAt(recordAt(node.query ?? node.dynquery, 'PLpgSQL_expr'), 'query')
    if (query === undefined || (node.dynquery === undefined && node.query !== undefined && isStatement(node.query)))
      return
    const { text, whole } = folded(query, variables)
    judgeInner(text, whole)
  }
}

const isStatement = (holder: unknown): boolean => recordAt(holder, 'PLpgSQL_expr')?.parseMode === STATEMENT

function splitAssignment(query: string): [string, string] {
  const [, target, value] = /^\s*"?(\w+)"?[^:=]{0,200}:?=([\s\S]*)$/.exec(query) ?? []
  return [(target ?? '').toLowerCase(), value ?? query]
}

function folded(expression: string, variables: ReadonlyMap<string, Folded>): Folded {
  const [statement] = parseStatements(`select ${expression}`) ?? []
  const target = listAt(recordAt(statement, 'SelectStmt'), 'targetList')[0]
  return isRecord(target) ? foldText(recordAt(target, 'ResTarget')?.val, variables) : { text: '', whole: false }
}
