import { hasStem, stemsOf } from '../../facts/words.ts'
import { type FieldSort, fieldSort } from './fields.ts'

/** What one object, row or form says about one person, by what it is. */
export type PersonRecord = Map<FieldSort, string[]>

const MAX_RECORDS = 5000
const MAX_VALUES = 100_000
const MAX_TEXT = 1_048_576
const MAX_DEPTH = 64

/** Lists that name people for other ends than to tell about them. */
const CREDITS =
  /^(?:authors?|maintainers?|contributors?|committer|to|cc|bcc|from|reply_?to|recipients?|assignees?|reviewers?)$/i

const add = (record: PersonRecord, name: string, value: unknown): void => {
  if (typeof value !== 'string' && typeof value !== 'number') return
  const sort = fieldSort(name)
  if (sort === undefined || String(value).length > 400) return
  const values = record.get(sort)
  if (values) values.push(String(value))
  else record.set(sort, [String(value)])
}

/** Records of people in a JSON document: its objects, each with what lies in the objects below it. */
export function recordsInJson(document: unknown): PersonRecord[] {
  const records: PersonRecord[] = []
  let left = MAX_VALUES
  const visit = (value: unknown, above: readonly PersonRecord[], depth: number): void => {
    left -= 1
    if (typeof value !== 'object' || value === null || left < 0 || depth > MAX_DEPTH) return
    if (Array.isArray(value)) {
      const header = value[0]
      if (isRow(header)) records.push(...recordsInRows(value.filter(isRow)))
      for (const child of value) visit(child, above.slice(-1), depth + 1)
      return
    }
    const record: PersonRecord = new Map()
    if (records.length < MAX_RECORDS) records.push(record)
    const members = Object.entries(value)
    const header = members.find(([name, child]) => /^(?:columns|headers?|fields)$/i.test(name) && isRow(child))?.[1]
    if (isRow(header)) {
      const rows = members.flatMap(([, child]) => (Array.isArray(child) ? child.filter(isRow) : []))
      records.push(...recordsInRows([header, ...rows]))
    }
    for (const [name, child] of members) for (const each of [record, ...above]) addAll(each, name, child)
    for (const [name, child] of members) if (!CREDITS.test(name)) visit(child, [...above, record].slice(-2), depth + 1)
  }
  visit(document, [], 0)
  return records.filter(({ size }) => size > 1)
}

const isRow = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.some((cell) => typeof cell === 'string')

function addAll(record: PersonRecord, name: string, value: unknown): void {
  for (const child of Array.isArray(value) ? value.slice(0, 20) : [value]) add(record, name, child)
}

/** First letters of names of fields: those that say who it is, and those that tell something. */
const PEOPLE = stemsOf(
  'name nome nomb nom namn navn naam isim nimi full firs last give fami surn fore midd vorn nach pren apel sobr cogn acht voor nazw efte fornavn ette hold titu pati cust clie empl memb gues stud runn driv ride pass resi appl insu bene paye trav subs pers cont fn kund mita vers kart user mail emai e',
)
const FACTS = stemsOf(
  'birt dob born bday date gebu gebo geb nais naci nasc geco feco feche fecha data datum doum phon tel tele mobi cell hand celu what port fax addr stre home adre adr ansc stra wohn dire domi call indi ende diag icd medi pres alle bloo blut grou hiv disa symp trea ther lab vacc preg ment befu vore krank kran erkr illn dise heal cond sick enfe mala sala geha inco eink reli konf ethn race sexu poli unio crim fing mari fami nati staa plac maid moth ssn soci tax iban gps lat lon lng mail emai e',
)
const SEPARATOR = /[:=,;|<\t：]/

/** Records of people in the text of a table, a form, an address card, a query or another JSON document. */
export function recordsInText(text: string): PersonRecord[] {
  if (text.length > MAX_TEXT || !SEPARATOR.test(text) || !hasStem(text, FACTS) || !hasStem(text, PEOPLE)) return []
  if (/^\s*[[{]/.test(text)) {
    const documents = [parsed(text) ?? text.split('\n', MAX_RECORDS).map(parsed)]
    return documents.flatMap(recordsInJson)
  }
  if (/^[^\s]*[?&]?[\w.%-]{2,40}=[^&\n]*&/.test(text)) return recordsInQuery(text)
  const lines = withoutTags(text).split(/\r?\n/, 20_000)
  return [...recordsInTable(lines), ...recordsInForm(lines)].filter(({ size }) => size > 1)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function recordsInQuery(text: string): PersonRecord[] {
  const record: PersonRecord = new Map()
  for (const [name, value] of new URLSearchParams(text.replace(/^[^?]*\?/, ''))) add(record, name, value)
  return [record]
}

/** The cells of a table of HTML with tabs between them, a line for each row. */
const withoutTags = (text: string): string =>
  /<\/\w/.test(text)
    ? text
        .replaceAll(/<\/(?:t[dh]|dt)>\s{0,20}<(?:t[dh]|dd)(?:\s[^<>]{0,200})?>/gi, '\t')
        .replaceAll(/<\/(?:tr|p|div|li|dd)>|<br ?\/?>/gi, '\n')
        .replaceAll(/<[^<>]{1,200}>/g, '')
    : text

const SEPARATORS = ['\t', ';', '|', ','] as const

/** Lines with the same separator as the first of them, whose cells are names of fields. */
function recordsInTable(lines: readonly string[]): PersonRecord[] {
  for (const [at, line] of lines.slice(0, 50).entries()) {
    const separator = SEPARATORS.find((each) => line.includes(each))
    if (separator === undefined) continue
    if (line.length > 2000 || /\d{3}/.test(line)) continue
    const header = cellsOf(line, separator)
    if (header.filter((cell) => fieldSort(String(cell)) !== undefined).length < 2) continue
    return recordsInRows([header, ...lines.slice(at + 1, at + MAX_RECORDS).map((row) => cellsOf(row, separator))])
  }
  return []
}

const cellsOf = (line: string, separator: string): string[] =>
  line
    .replace(/^\||\|\s*$/g, '')
    .split(separator, 100)
    .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))

function recordsInRows([header = [], ...rows]: ReadonlyArray<readonly unknown[]>): PersonRecord[] {
  return rows.slice(0, MAX_RECORDS).map((row) => {
    const record: PersonRecord = new Map()
    for (const [at, name] of header.entries()) if (typeof name === 'string') add(record, name, row[at])
    return record
  })
}

/** Lines `Name: value`, as in forms, mails and vCards (RFC 6350); an empty line or a repeated name begins a new one. */
function recordsInForm(lines: readonly string[]): PersonRecord[] {
  const records: PersonRecord[] = []
  let record: PersonRecord = new Map()
  for (const line of lines) {
    const [, name, value] =
      /^[\s>*•-]{0,8}([\p{L}][\p{L}\p{M}\d ._/'’*°-]{1,40}?)\**(?:;[^:]{0,60})?(?:\s{0,3}[:=：]\s{0,9}|\t)(\S.{0,300})$/u.exec(
        line,
      ) ?? []
    if (line.trim() === '' || /^(?:END|BEGIN):VCARD/i.test(line)) {
      records.push(record)
      record = new Map()
    } else if (name !== undefined && value !== undefined)
      add(record, name, value.trim().replace(/^["'](.*)["'],?$/, '$1'))
  }
  return [...records, record]
}
