import { isAlwaysTrue } from './always-true.ts'
import type { Findings } from './findings.ts'
import { foldText } from './fold.ts'
import { findFunction, RUNS_TEXT } from './functions.ts'
import { lastName, listAt, type Node, recordAt, stringOf, textAt, walkNodes } from './nodes.ts'
import { DESTROYS, GRANTS, OUTWARD_EXTENSION, OUTWARD_LANGUAGE, REACHES_OUT, READS } from './statements.ts'

/** What judging a statement may need from the judge of whole texts. */
export interface Surroundings {
  readonly findings: Findings
  /** Judges a text that the statement would carry out; `whole` is false when parts of it aren't known. */
  judgeInner(text: string, whole: boolean): void
  /** Judges the body of a block of PL/pgSQL. */
  judgeBlock(body: string): void
  /** What earlier statements of the same text made. */
  readonly made: Made
}

export interface Made {
  /** Tables that hold nothing but what this text put there. */
  readonly tables: Set<string>
  readonly prepared: Set<string>
  /** Bodies of functions in SQL or PL/pgSQL. */
  readonly functions: Map<string, { body: string; language: string }>
}

/** Returns false when what is below the node is judged already, or is not carried out. */
type Rule = (node: Node, around: Surroundings) => unknown

/** Notes what a statement, as parsed by libpg_query, may do. */
export function judgeTree(statement: unknown, around: Surroundings): void {
  walkNodes(statement, (kind, node) => {
    const rule = RULES[kind]
    if (rule) return rule(node, around) !== false
    if (!kind.endsWith('Stmt') || READS.has(kind)) return true
    const what = spelled(kind)
    around.findings.add('writes', what)
    if (GRANTS.has(kind)) around.findings.add('grants', what)
    if (REACHES_OUT.has(kind)) around.findings.add('reachesOut', what)
    if (DESTROYS.has(kind)) around.findings.add('destroys', what)
    return true
  })
}

/** `AlterRoleSetStmt` is `alter role set`. */
const spelled = (kind: string): string =>
  kind
    .replace(/Stmt$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()

const relationOf = (node: Node, key = 'relation'): string => textAt(node[key], 'relname') ?? 'a table'

const option = (node: Node, name: string): Node | undefined =>
  listAt(node, 'options')
    .map((item) => recordAt(item, 'DefElem'))
    .find((item) => textAt(item, 'defname') === name)

function changesRows(verb: string): Rule {
  return (node, { findings, made }) => {
    const table = relationOf(node)
    findings.add('writes', `${verb} ${table}`)
    const condition = node.whereClause
    const all = condition === undefined ? 'without where' : isAlwaysTrue(condition) ? 'where always true' : undefined
    if (all && !made.tables.has(table)) findings.add('destroys', `${verb} ${table} ${all}`)
  }
}

const writes =
  (verb: string): Rule =>
  (node, { findings }) =>
    findings.add('writes', `${verb} ${relationOf(node)}`)

const RULES: Readonly<Record<string, Rule | undefined>> = {
  // `s.nextval` of Oracle.
  ColumnRef(node, { findings }) {
    const fields = listAt(node, 'fields')
    if (fields.length > 1 && lastName(fields).toLowerCase() === 'nextval') findings.add('advances', 'next value')
  },
  InsertStmt: writes('insert into'),
  MergeStmt: writes('merge into'),
  UpdateStmt: changesRows('update'),
  DeleteStmt: changesRows('delete from'),
  intoClause: (_, { findings }) => findings.add('writes', 'select into'),
  RuleStmt: (_, { findings }) => {
    findings.add('writes', 'create rule')
    return false
  },
  ExplainStmt: (node) => {
    const analyze = option(node, 'analyze')
    return analyze !== undefined && !/^(false|off|0)$/i.test(settingOf(analyze))
  },
  PrepareStmt: (node, { made }) => {
    made.prepared.add(textAt(node, 'name') ?? '')
  },
  ExecuteStmt: (node, { findings, made }) => {
    const name = textAt(node, 'name') ?? ''
    if (!made.prepared.has(name)) findings.add('writes', `execute ${name}`)
  },
  CallStmt: (node, { findings }) =>
    findings.add('writes', `call ${lastName(listAt(recordAt(node, 'funccall'), 'funcname'))}`),
  DoStmt: judgeDo,
  TruncateStmt: (node, { findings, made }) => {
    for (const item of listAt(node, 'relations')) {
      const table = textAt(recordAt(item, 'RangeVar'), 'relname') ?? 'a table'
      findings.add('writes', `truncate ${table}`)
      if (!made.tables.has(table)) findings.add('destroys', `truncate ${table}`)
    }
  },
  DropStmt: judgeDrop,
  AlterTableStmt: (node, { findings }) => findings.add('writes', `alter ${relationOf(node)}`),
  AlterTableCmd: (node, { findings }) => {
    const command = textAt(node, 'subtype') ?? ''
    if (/^AT_(DropColumn|DetachPartition)$/.test(command))
      findings.add('destroys', `drop column ${textAt(node, 'name') ?? ''}`)
    if (/^AT_(DisableRowSecurity|NoForceRowSecurity|DisableTrig\w*|ChangeOwner)$/.test(command)) {
      findings.add('grants', spelled(command.slice(3)))
    }
  },
  CreateStmt: (node, { findings, made }) => {
    const table = relationOf(node)
    findings.add('writes', `create table ${table}`)
    if (node.if_not_exists !== true || textAt(node.relation, 'relpersistence') === 't') made.tables.add(table)
  },
  CreateTableAsStmt: (node, { findings, made }) => {
    const table = textAt(recordAt(node.into, 'rel'), 'relname') ?? 'a table'
    findings.add('writes', `create table ${table}`)
    if (node.if_not_exists !== true) made.tables.add(table)
  },
  CopyStmt: (node, { findings }) => {
    if (node.is_from === true) findings.add('writes', `copy ${relationOf(node)}`)
    if (node.is_program === true) findings.add('reachesOut', 'copy program')
    else if (node.filename !== undefined) findings.add('reachesOut', 'copy file')
  },
  VariableSetStmt: (node, { findings }) => {
    const name = textAt(node, 'name') ?? ''
    if (/^(role|session_authorization|row_security)$/.test(name) && /VALUE/.test(textAt(node, 'kind') ?? '')) {
      findings.add('grants', `set ${name}`)
    }
  },
  AlterSystemStmt: (node, { findings }) => {
    const name = textAt(node.setstmt, 'name') ?? ''
    for (const kind of ['writes', 'grants'] as const) findings.add(kind, `alter system set ${name}`)
    if (/command|librar|_path|_file|directory/.test(name)) findings.add('reachesOut', `alter system set ${name}`)
    return false
  },
  CreateExtensionStmt: (node, { findings }) => {
    const name = textAt(node, 'extname') ?? ''
    findings.add('writes', `create extension ${name}`)
    if (OUTWARD_EXTENSION.test(name)) findings.add('reachesOut', `create extension ${name}`)
  },
  CreateFunctionStmt: judgeFunction,
  LockStmt: (_, { findings }) => findings.add('locks', 'lock table'),
  LockingClause: (_, { findings }) => findings.add('locks', 'select for update or share'),
  FuncCall: judgeCall,
}

const settingOf = (definition: Node): string => {
  const argument = definition.arg
  return (
    stringOf(argument) ??
    textAt(recordAt(argument, 'Boolean'), 'boolval') ??
    String(recordAt(argument, 'Integer')?.ival ?? (recordAt(argument, 'Integer') ? 0 : ''))
  )
}

function judgeDo(node: Node, { findings, judgeBlock }: Surroundings): boolean {
  const definitions = listAt(node, 'args').map((item) => recordAt(item, 'DefElem'))
  const text = (name: string) => stringOf(definitions.find((item) => textAt(item, 'defname') === name)?.arg)
  const language = text('language') ?? 'plpgsql'
  if (language === 'plpgsql') judgeBlock(text('as') ?? '')
  else {
    findings.add('writes', `do in ${language}`)
    if (OUTWARD_LANGUAGE.test(language)) findings.add('reachesOut', `do in ${language}`)
  }
  return false
}

/** What is only derived from other things, so that nothing is lost with it. */
const DERIVED = new Set(['OBJECT_INDEX', 'OBJECT_STATISTIC_EXT'])

function judgeDrop(node: Node, { findings, made }: Surroundings): void {
  const type = textAt(node, 'removeType') ?? ''
  const what = type.replace('OBJECT_', '').replaceAll('_', ' ').toLowerCase()
  for (const item of listAt(node, 'objects')) {
    const name = lastName(listAt(recordAt(item, 'List'), 'items')) || (stringOf(item) ?? '')
    findings.add('writes', `drop ${what} ${name}`.trim())
    if (!DERIVED.has(type) && !(type === 'OBJECT_TABLE' && made.tables.has(name)))
      findings.add('destroys', `drop ${what} ${name}`.trim())
    if (type === 'OBJECT_POLICY') findings.add('grants', `drop policy ${name}`)
  }
}

function judgeFunction(node: Node, { findings, made }: Surroundings): void {
  const name = lastName(listAt(node, 'funcname'))
  const language = stringOf(option(node, 'language')?.arg) ?? 'sql'
  findings.add('writes', `create function ${name}`)
  if (OUTWARD_LANGUAGE.test(language)) findings.add('reachesOut', `create function ${name} in ${language}`)
  if (recordAt(option(node, 'security')?.arg, 'Boolean')?.boolval === true) {
    findings.add('grants', `create function ${name} security definer`)
  }
  const body = stringOf(listAt(recordAt(option(node, 'as')?.arg, 'List'), 'items')[0])
  if (body !== undefined) made.functions.set(name, { body, language })
}

function judgeCall(node: Node, around: Surroundings): void {
  const name = lastName(listAt(node, 'funcname')).toLowerCase()
  findFunction(name, around.findings)
  if (RUNS_TEXT.has(name)) {
    for (const argument of listAt(node, 'args')) {
      const { text, whole } = foldText(argument)
      if (/\s/.test(text)) around.judgeInner(text, whole)
    }
  }
  const own = around.made.functions.get(name)
  if (!own) return
  around.made.functions.delete(name)
  if (own.language === 'plpgsql') around.judgeBlock(own.body)
  else around.judgeInner(own.body, true)
}
