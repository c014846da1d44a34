import { createRequire } from 'node:module'
import { NATIONAL_IDS, type NationalId } from './national-id-table.ts'

interface Validator {
  validate(value: string): { isValid: boolean }
}

const require = createRequire(import.meta.url)
const validators = new Map<string, Validator>()

/** stdnum as a whole takes 140 ms and 19 MB to load, so that only the countries that come up are. */
function validatorOf(module: string): Validator {
  const known = validators.get(module)
  if (known) return known
  const loaded = require(`stdnum/lib/cjs/${module}`) as Validator
  validators.set(module, loaded)
  return loaded
}

/** Words for the number of a person anywhere, near which every number counts that a country's check confirms. */
const ANY_LABEL =
  /(?<!\p{L})(?:national (?:id|identity|identification)|nationalid|identity (?:number|no|card|document)|id (?:number|no|nr)|idnumber|personal (?:id|number|code|identification)|personalid|citizen (?:id|number)|taxpayer|government id|identification number|identit[äé]|ausweis|document number)(?!\p{L})/iu
const NEAR_BEFORE = 90
const NEAR_AFTER = 30
const MAX_CANDIDATES = 1000

const anyOf = (patterns: RegExp[], flags: string): RegExp =>
  new RegExp(patterns.map(({ source }) => source).join('|'), flags)
const SOME_LABEL = anyOf([...NATIONAL_IDS.map(({ label }) => label), ANY_LABEL], 'iu')
const SOME_FREE = anyOf(
  NATIONAL_IDS.flatMap(({ free }) => free ?? []),
  'u',
)
/** Where a number may be: at least six digits and letters together, with separators between them or without. */
const NUMBER = /(?<![A-Za-z0-9_.])(?=[A-Z0-9])[A-Za-z]{0,6}-?\d(?:[ .\-/(]?[A-Za-z0-9]){4,24}/g

const FOUR_DIGITS = /\d\D*\d\D*\d\D*\d/

/** `taxId_number` as words. */
const wordsOf = (key: string): string =>
  key
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replaceAll(/[_.\-/]+/g, ' ')
    .trim()

/**
 * Kinds of the national numbers of persons that a text holds, or that a member of this name holds. A number without a
 * telling form counts only beside a word for it, as many numbers pass a check by chance.
 */
export function nationalIdsIn(whole: string, key: string): string[] {
  const text = aroundNumbers(/<\/\w/.test(whole) ? whole.replaceAll(/<[^<>]{1,200}>/g, ' ') : whole)
  if (text === '') return []
  const words = wordsOf(key)
  // Words such as SIN count only in capitals, but as the name of a member in any case.
  const name = `${words} ${words.toUpperCase()} ${words.replaceAll(' ', '')}`
  const labels = SOME_LABEL.test(name) || SOME_LABEL.test(text)
  if (!labels && !SOME_FREE.test(text)) return []
  return NATIONAL_IDS.filter(
    (row) => (row.free && some(text, row.free, row)) || (labels && isLabelled(text, name, row)),
  )
    .map(({ kind }) => kind)
    .slice(0, 8)
}

/** Only the parts of a text that are near numbers, where it is long. */
function aroundNumbers(text: string): string {
  if (text.length < 500) return FOUR_DIGITS.test(text) ? text : ''
  const parts: string[] = []
  let end = 0
  for (const { index, 0: number } of text.matchAll(NUMBER)) {
    if (!/\d\D*\d\D*\d\D*\d\D*\d/.test(number)) continue
    const from = Math.max(end, index - NEAR_BEFORE)
    if (from > end) parts.push('\n')
    end = Math.max(end, index + number.length + NEAR_AFTER)
    parts.push(text.slice(from, end))
  }
  return parts.join('')
}

function some(text: string, shape: RegExp, row: NationalId): boolean {
  let seen = 0
  for (const [candidate] of text.matchAll(shape)) {
    seen += 1
    if (seen > MAX_CANDIDATES) return true
    if (isValid(row, candidate)) return true
  }
  return false
}

function isLabelled(text: string, name: string, row: NationalId): boolean {
  const generic = row.check !== undefined && ANY_LABEL.test(name)
  const named = generic || row.label.test(name)
  const generally = row.check !== undefined && ANY_LABEL.test(text)
  if (!named && !generally && !row.label.test(text)) return false
  let seen = 0
  for (const match of text.matchAll(row.shape)) {
    const around = text.slice(Math.max(0, match.index - NEAR_BEFORE), match.index + match[0].length + NEAR_AFTER)
    if (!named && !row.label.test(around) && !(generally && ANY_LABEL.test(around))) continue
    seen += 1
    if (seen > MAX_CANDIDATES) return true
    if (isValid(row, match[0])) return true
  }
  return false
}

function isValid({ check }: NationalId, candidate: string): boolean {
  if (check === undefined) return true
  if (typeof check === 'function') return check(candidate.replaceAll(/[^A-Za-z0-9]/g, ''))
  return validatorOf(check).validate(candidate.toUpperCase()).isValid
}
