import { parseStatements } from './parser.ts'
import { spell } from './spell.ts'
import type { Token } from './tokens.ts'

const NAME = String.raw`(?:[\w$]+|N)(?: ?\. ?(?:[\w$]+|N))*`
const END = '(?: ?;|$)'
const THING =
  '(?:temp(?:orary)? |external |materialized |or replace |unique |unlogged |virtual )*(?:table|database|schema|view|index|sequence|function|procedure|trigger|user|role|login|type|extension)'

/** How a text begins that is SQL and nothing else; strings are `S`, quoted names `N`, placeholders `$`. */
const BEGINNINGS = [
  String.raw`\(? ?select .*\bfrom ${NAME}`,
  String.raw`\(? ?select (?:\*|S|[\w.]+ ?\(|\d)`,
  String.raw`with (?:recursive )?${NAME}(?: \([^)]*\))? as (?:(?:not )?materialized )?\(`,
  String.raw`(?:insert|replace) (?:ignore )?into ${NAME} (?:\(|values\b|select\b|default\b|set\b|as\b|overriding\b)`,
  String.raw`update (?:only |ignore |low_priority |top \S+ )?${NAME} (?:(?:as )?\w+ )?(?:join .*)?set ${NAME} (?:=|\+|-)`,
  String.raw`delete (?:\w+ )?from (?:only )?${NAME}(?: (?:as )?\w+)?(?: using .*)?(?:${END}| where .*(?:[=<>$]|\b(?:in|like|ilike|is|between|exists|not|true)\b)| limit \d| returning | order by )`,
  String.raw`drop ${THING} (?:concurrently )?(?:if exists )?${NAME}(?: ?\(.*\))?(?: ?, ?${NAME})*(?: cascade| restrict)?${END}`,
  `truncate table (?:only )?${NAME}(?: ?, ?${NAME})*(?: cascade| restrict| restart identity| continue identity)*${END}`,
  `truncate ${NAME}(?: cascade)? ?;`,
  String.raw`alter ${THING} (?:if exists )?(?:only )?${NAME} (?:add|drop|alter|rename|owner|modify|change|set|enable|disable|with|convert|engine|attach|detach|password|force|no)\b`,
  String.raw`create ${THING} (?:if not exists )?(?:concurrently )?${NAME}(?: ?\(| as\b| on\b| like\b| with\b| for\b| identified\b| before\b| after\b| ?;|$)`,
  '(?:grant|revoke|deny) .+ on .+ (?:to|from) ',
  `merge (?:into )?${NAME} .*using .* on `,
  String.raw`do (?:language \w+ )?S`,
  String.raw`call ${NAME} ?\(`,
  String.raw`exec(?:ute)? (?:${NAME} ?(?:\(|S|\$|@|;|$)|\(|S)`,
  String.raw`copy (?:\(|${NAME} ?(?:\(.*\) ?)?(?:to|from) (?:S|program|stdin|stdout))`,
  'attach (?:database )?S as ',
  'load (?:data|xml|S)',
].map((pattern) => new RegExp(`^(?:${pattern})`, 's'))

const MAX_BEGINNING = 400

/** Statements that begin like prose may. */
const WEAK =
  /^(?:explain|prepare|declare|set|lock|pragma|vacuum|analyze|reindex|refresh|comment|notify|begin|start|show|values|if|alter|create|grant|revoke|drop|reassign|kill|shutdown|backup|restore|bulk|install|detach|rename|use|truncate|commit)\b.*[;=(]/s

/** Whether a text that nobody declared as SQL begins like a statement, which prose and searches don't. */
export function beginsLikeSql(tokens: readonly Token[]): boolean {
  const short = tokens.slice(0, MAX_BEGINNING).map(({ kind, value }) => SHORT[kind] ?? value)
  const text = short.join(' ').slice(0, MAX_BEGINNING * 4)
  if (BEGINNINGS.some((pattern) => pattern.test(text))) return true
  if (!WEAK.test(text)) return false
  const end = tokens.findIndex(({ kind, value }) => kind === 'symbol' && value === ';')
  return parseStatements(spell(end < 0 ? tokens : tokens.slice(0, end))) !== undefined
}

const SHORT: Readonly<Partial<Record<Token['kind'], string>>> = { string: 'S', name: 'N', variable: '$' }
