import type { ParameterExpansionPart, Word } from 'unbash'
import { globPattern } from './globs.ts'
import { type Context, HOLE } from './machine.ts'

type ValueOf = (word: Word) => string

/** What the variables of an ordinary environment look like where only a slice of them is taken. */
const TYPICAL: Readonly<Record<string, string>> = {
  HOME: '/home/user',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  PWD: '/workspace',
  OLDPWD: '/workspace',
  SHELL: '/bin/bash',
}

/** Variables that name one tool of a kind. */
const TOOLS: Readonly<Record<string, string>> = {
  CC: 'cc',
  CXX: 'c++',
  LD: 'ld',
  AR: 'ar',
  PYTHON: 'python3',
  PYTHON3: 'python3',
  NODE: 'node',
  RUBY: 'ruby',
  PERL: 'perl',
  MAKE: 'make',
  GO: 'go',
  JAVA: 'java',
  EDITOR: 'editor',
  VISUAL: 'editor',
  PAGER: 'less',
  BROWSER: 'browser',
}

/** A script's own path: in some folder of the workspace. */
export const OWN_PATH = `./${HOLE}/script`

const IN_PLACE = `./${HOLE}`

/** What `$name` stands for; a hole when the commands don't say. */
export function variable(name: string, context: Context): string {
  const own = context.variables.get(name)
  if (own) return own.join(' ')
  switch (name) {
    case 'HOME':
      return '~'
    case 'PWD':
      return context.cwd
    case 'TMPDIR':
    case 'TMP':
    case 'TEMP':
    case 'RUNNER_TEMP':
    case 'XDG_RUNTIME_DIR':
      return '/tmp'
    case 'IFS':
      return ' '
    case 'SHELL':
      return '/bin/bash'
    case 'GITHUB_WORKSPACE':
    case 'CI_PROJECT_DIR':
    case 'INIT_CWD':
      return '.'
    case '0':
    case 'BASH_SOURCE':
      return OWN_PATH
    case '#':
      return String(countOf(context))
    default:
      if (Object.hasOwn(TOOLS, name)) return TOOLS[name] ?? HOLE
      return /^[@*1-9]$/.test(name) && !context.origin.written ? '' : HOLE
  }
}

const countOf = ({ variables }: Context): number => variables.get('@')?.length ?? 0

const isSet = (name: string, context: Context): boolean => context.variables.has(name)

export function expandParameter(part: ParameterExpansionPart, context: Context, valueFor: ValueOf): string {
  const { parameter, prefix, operation } = part
  if (operation?.type === 'Names') return HOLE
  const name = prefix === '!' ? variable(parameter, context) : parameter
  if (name.includes(HOLE)) return HOLE
  const value = part.index ? element(name, valueFor(part.index), context) : variable(name, context)
  if (prefix === '#') return value.includes(HOLE) ? HOLE : String(value.length)
  switch (operation?.type) {
    case undefined:
      return value
    case 'Default':
      return withDefault(name, value, operation.operator, () => valueFor(operation.operand), context)
    case 'Slice':
      return slice(
        TYPICAL[name] !== undefined && !isSet(name, context) ? TYPICAL[name] : value,
        valueFor(operation.offset),
        operation.length && valueFor(operation.length),
      )
    case 'CaseModification':
      return changeCase(value, operation.operator)
    case 'Remove':
      // The folder above one that isn't written out.
      if ((value === '.' || value === '~') && operation.operator.startsWith('%')) return `${value}/..`
      return remove(value, operation.operator, valueFor(operation.operand))
    case 'Replace':
      return replace(value, operation.operator, valueFor(operation.pattern), valueFor(operation.replacement))
    case 'Transform':
      return value
    default:
      return HOLE
  }
}

function element(name: string, index: string, context: Context): string {
  if (index === '@' || index === '*') return variable(name, context)
  const elements = context.variables.get(name)
  if (elements) return elements[Number(index)] ?? ''
  return name === 'BASH_SOURCE' ? OWN_PATH : HOLE
}

/** A variable that nothing has set is taken for unset, as it usually is where a default is given. */
function withDefault(name: string, value: string, operator: string, operand: () => string, context: Context): string {
  const known = isSet(name, context) || value !== HOLE
  const empty = !known || (value === '' && operator.startsWith(':'))
  switch (operator.replace(':', '')) {
    case '+':
      return empty ? '' : operand()
    case '?':
      // The shell stops unless it is set, so it is some name, and not the root.
      return known && value !== '' ? value : IN_PLACE
    case '=':
      if (empty) context.variables.set(name, [operand()])
      return empty ? operand() : value
    default:
      return empty ? operand() : value
  }
}

function slice(value: string, offset: string, length: string | undefined): string {
  if (value.includes(HOLE) || !/^\s*-?\d+\s*$/.test(offset)) return HOLE
  const start = Number(offset) < 0 ? Math.max(0, value.length + Number(offset)) : Number(offset)
  if (length === undefined) return value.slice(start)
  if (!/^\s*-?\d+\s*$/.test(length)) return HOLE
  return Number(length) < 0 ? value.slice(start, Number(length)) : value.slice(start, start + Number(length))
}

function changeCase(value: string, operator: string): string {
  const change = (text: string): string => (operator.startsWith('^') ? text.toUpperCase() : text.toLowerCase())
  return operator.length === 2 ? change(value) : change(value.slice(0, 1)) + value.slice(1)
}

const MAX_PATTERN_INPUT = 300

function remove(value: string, operator: string, glob: string): string {
  if (value.includes(HOLE)) return value
  if (glob.includes(HOLE) || value.length > MAX_PATTERN_INPUT) return HOLE
  const pattern = globPattern(glob)
  if (!pattern) return HOLE
  const lengths = Array.from({ length: value.length + 1 }, (_, at) => at)
  const longest = operator.length === 2
  const fromStart = operator.startsWith('#')
  const matches = lengths.filter((at) => pattern.test(fromStart ? value.slice(0, at) : value.slice(value.length - at)))
  const taken = (longest ? matches.at(-1) : matches[0]) ?? 0
  return fromStart ? value.slice(taken) : value.slice(0, value.length - taken)
}

function replace(value: string, operator: string, glob: string, by: string): string {
  if (value === HOLE || glob.includes(HOLE)) return HOLE
  if (/[*?[\]]/.test(glob)) return HOLE
  if (glob === '') return value
  if (operator === '//') return value.replaceAll(glob, () => by)
  if (operator === '/#') return value.startsWith(glob) ? by + value.slice(glob.length) : value
  if (operator === '/%') return value.endsWith(glob) ? value.slice(0, -glob.length) + by : value
  return value.replace(glob, () => by)
}
