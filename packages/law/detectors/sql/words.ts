import type { Findings } from './findings.ts'
import { findFunction } from './functions.ts'
import { changesRows, setFollows } from './rows.ts'
import { Words } from './token-list.ts'
import type { Token } from './tokens.ts'

/** Words that a statement of a dialect may begin with; anything else is no SQL. */
const VERBS = new Set(
  `select with values table show describe desc explain use set begin start commit rollback savepoint release declare print if
  while return fetch close open pragma help from go end deallocate prepare execute exec insert replace update delete merge
  truncate drop create alter grant revoke deny call do copy attach detach load install rename lock unlock kill shutdown
  vacuum reindex analyze optimize repair check flush reset purge handler bulk backup restore comment cluster refresh import
  export upsert waitfor raiserror throw else try catch elsif loop repeat leave signal resignal export unload reconfigure
  dbcc xa change stop cache uncache msck summarize pivot unpivot notify listen discard checkpoint`.split(/\s+/),
)

/** Statements that change the database, where they are the first word. */
const CHANGES = new Set(
  `rename kill shutdown vacuum reindex analyze optimize repair flush reset purge backup restore comment refresh import
  upsert replace load install attach detach bulk call exec execute do reconfigure dbcc change stop msck notify checkpoint
  unload grant revoke deny create alter drop truncate insert update delete merge`.split(/\s+/),
)

const THINGS =
  /^(table|database|schema|view|index|sequence|function|procedure|proc|trigger|user|role|login|type|domain|extension|column|materialized|temporary|temp|external|event|server|tablespace|policy|synonym|package|assembly|certificate|partition|constraint|statistics|unique|fulltext|virtual|or|global|recursive|unlogged|definer|if|aggregate|session|system|catalog|keyspace|stage|warehouse|default)$/
const DERIVED_THINGS = /^(index|statistics|constraint|default|partition)$/
/** What may stand before a bare word that is then a name and no command. */
const BEFORE_NAME = new Set([
  ',',
  '.',
  'as',
  '(',
  'select',
  'by',
  'on',
  'and',
  'or',
  'where',
  '=',
  'for',
  'after',
  'before',
  'key',
  'distinct',
])

/** Notes what a statement that the parser can't read may do; false when it doesn't begin like a statement of any dialect. */
export function judgeWords(tokens: readonly Token[], findings: Findings): boolean {
  const words = new Words(tokens)
  let first = 0
  while (words.at(first) === '(') first += 1
  const verb = words.at(first)
  if (!VERBS.has(verb)) return /^@|^\w+:$/.test(tokens[first]?.value ?? '')
  if (verb === 'show' || verb === 'help') return true
  if (/^(explain|describe|desc)$/.test(verb) && !tokens.slice(1, 5).some(({ value }) => value === 'analyze'))
    return true
  for (let place = 0; place < tokens.length; place += 1) {
    if (tokens[place]?.kind !== 'word' && tokens[place]?.kind !== 'name') continue
    if (words.at(place + 1) === '(' || /^(xp_|sp_oa)/.test(tokens[place]?.value ?? '')) {
      findFunction(tokens[place]?.value ?? '', findings)
    }
    if (advances(words, place)) findings.add('advances', 'next value')
    if (tokens[place]?.kind === 'word') command(words, place, place === first, findings)
  }
  beginning(words, first, verb, findings)
  return true
}

/** `NEXT VALUE FOR s` of SQL Server, MariaDB and Db2, `NEXTVAL FOR s` of Db2, `s.NEXTVAL` of Oracle. */
function advances(words: Words, place: number): boolean {
  const next = words.at(place + 1)
  if (words.at(place) === 'next') return next === 'value' && words.at(place + 2) === 'for'
  return words.at(place) === 'nextval' && (next === 'for' || words.at(place - 1) === '.')
}

/** `select 1 delete from t`: two statements in T-SQL, and one in PostgreSQL, whose columns may be called `delete`. */
export function findGlued(tokens: readonly Token[], findings: Findings): void {
  const words = new Words(tokens)
  for (let place = 2; place < tokens.length; place += 1) {
    if (words.at(place) !== 'delete' || words.at(place + 1) !== 'from' || words.at(place - 1) === ';') continue
    if (words.tokens[place - 1]?.kind === 'symbol' || BEFORE_NAME.has(words.at(place - 1))) continue
    if (!/^(explain|do|analyze|prepare|instead|also)$/.test(words.at(0)))
      changesRows(words, place, 'delete from', findings)
  }
}

/** Procedures of SQL Server that only say something about the database. */
const HARMLESS_PROCEDURE =
  /^sp_(help\w*|columns|tables|databases|who2?|spaceused|pkeys|fkeys|statistics|stored_procedures|describe_\w+)$/

/** Commands that are known by their first words. */
function beginning(words: Words, first: number, verb: string, findings: Findings): void {
  const next = words.at(first + 1)
  if (CHANGES.has(verb) && !verb.startsWith('exec')) findings.add('writes', verb)
  if (/^(grant|revoke|deny)$/.test(verb)) findings.add('grants', verb)
  if (verb === 'set') setting(words, first, findings)
  if (verb === 'pragma') pragma(words, first, findings)
  if (/^(attach|detach|install|bulk|backup|restore|unload|import|export)$/.test(verb)) findings.add('reachesOut', verb)
  if (verb === 'load') findings.add('reachesOut', `load ${next}`.trim())
  if (verb === 'copy') findings.add('reachesOut', 'copy')
  if (verb === 'lock' || verb === 'waitfor' || (verb === 'flush' && next === 'tables')) findings.add('locks', verb)
  if (/^(shutdown|purge)$/.test(verb) || (verb === 'reset' && /^(master|replica|slave|binary)$/.test(next))) {
    findings.add('destroys', `${verb} ${next}`.trim())
  }
  if (verb === 'vacuum' && words.tokens.some(({ kind, value }) => kind === 'word' && value === 'into')) {
    findings.add('reachesOut', 'vacuum into')
  }
  if (verb === 'truncate' && next !== '(') {
    findings.add('destroys', `truncate ${words.name(first + (next === 'table' ? 2 : 1)).name}`)
  }
}

/** `SET GLOBAL`, `SET PASSWORD`, `SET ROLE`; the settings of the session itself are nobody's business. */
function setting(words: Words, first: number, findings: Findings): void {
  const next = words.at(first + 1)
  const variable = words.tokens[first + 1]?.value ?? ''
  if (/^(global|persist|persist_only)$/.test(next) || /^@@(global|persist)/i.test(variable)) {
    findings.add('writes', 'set global')
    findings.add('grants', 'set global')
  } else if (/^(password|role|default)$/.test(next)) {
    findings.add('writes', `set ${next}`)
    findings.add('grants', `set ${next}`)
  }
}

/** SQLite's pragmas that only say something about the database, or set something for the connection alone. */
const HARMLESS_PRAGMA =
  /^(table_x?info|index_x?info|table_list|\w+_list|quick_check|integrity_check|foreign_key_check|foreign_keys|query_only|busy_timeout|cache_size|temp_store|case_sensitive_like|read_uncommitted|mmap_size|threads|recursive_triggers|show_tables|database_size|storage_info|version)$/

function pragma(words: Words, first: number, findings: Findings): void {
  const { name, end } = words.name(first + 1)
  const sets = words.at(end) === '=' || words.at(end) === '('
  if (
    /^(incremental_vacuum|optimize|wal_checkpoint|shrink_memory)$/.test(name) ||
    (sets && !HARMLESS_PRAGMA.test(name))
  ) {
    findings.add('writes', `pragma ${name}`)
  }
  if (sets && /^(writable_schema|trusted_schema|key|rekey)$/.test(name)) findings.add('grants', `pragma ${name}`)
}

/** Commands wherever they stand, because T-SQL separates statements by nothing at all. */
function command(words: Words, place: number, isFirst: boolean, findings: Findings): void {
  const word = words.at(place)
  const next = words.at(place + 1)
  if (!isFirst && BEFORE_NAME.has(words.at(place - 1))) return
  const deletes = word === 'delete' && (next === 'from' || isFirst || next === 'top')
  if (deletes) changesRows(words, place, 'delete from', findings)
  if (word === 'update' && (isFirst || setFollows(words, place))) changesRows(words, place, 'update', findings)
  if ((word === 'insert' || word === 'replace' || word === 'merge') && next === 'into')
    findings.add('writes', `${word} into ${words.name(place + 2).name}`)
  if (word === 'truncate' && next === 'table') {
    findings.add('writes', 'truncate table')
    findings.add('destroys', `truncate ${words.name(place + 2).name}`)
  }
  if (word === 'drop' && THINGS.test(next)) drop(words, place, findings)
  if ((word === 'create' || word === 'alter') && THINGS.test(next)) {
    findings.add('writes', `${word} ${next}`)
    if (/^(user|role|login|policy|server|system)$/.test(next)) findings.add('grants', `${word} ${next}`)
    if (/^(extension|assembly|external|server)$/.test(next)) findings.add('reachesOut', `${word} ${next}`)
    if (words.tokens.some(({ kind, value }) => kind === 'word' && value === 'soname'))
      findings.add('reachesOut', 'create function soname')
  }
  if (/^exec(ute)?$/.test(word)) execute(words, place, findings)
  if (word === 'into' && /^(outfile|dumpfile)$/.test(next)) findings.add('reachesOut', `into ${next}`)
  else if (
    word === 'into' &&
    !isFirst &&
    words.isName(place + 1) &&
    words.tokens[place + 1]?.kind !== 'variable' &&
    /^(select|with)$/.test(words.at(0))
  ) {
    findings.add('writes', 'select into')
  }
  if (word === 'for' && /^(update|share)$/.test(next)) findings.add('locks', `for ${next}`)
  if (word === 'lock' && next === 'in' && words.at(place + 2) === 'share') findings.add('locks', 'lock in share mode')
  if (/^(tablockx?|xlock|updlock)$/.test(word) && words.at(place - 1) === '(') findings.add('locks', word)
}

function execute(words: Words, place: number, findings: Findings): void {
  const name = words.isName(place + 1) ? words.name(place + 1).name : ''
  const runs = name !== '' || words.at(place + 1) === '(' || words.tokens[place + 1]?.kind === 'string'
  if (runs && !HARMLESS_PROCEDURE.test(name)) findings.add('writes', `execute ${name}`.trim())
}

function drop(words: Words, place: number, findings: Findings): void {
  const thing = words.at(place + 1)
  let at = place + 2
  if (/^(materialized|temporary|external)$/.test(thing)) at += 1
  if (words.at(at) === 'if') at += 2
  const what = `drop ${thing} ${words.name(at).name}`
  findings.add('writes', what)
  if (!DERIVED_THINGS.test(thing) && thing !== 'temporary') findings.add('destroys', what)
  if (/^(user|role|login|policy)$/.test(thing)) findings.add('grants', what)
}
