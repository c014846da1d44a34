import { ROLE } from './addresses.ts'
import { isFullName, isNamePart } from './names.ts'
import type { PersonRecord } from './records.ts'

/** Fewer are the people of a meeting or the two sides of a contract. */
const LIST = 3

const EMAIL = /^[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[a-z]{2,24}$/i
const isPhone = (value: string): boolean => {
  const digits = value.replaceAll(/\D/g, '').length
  return digits >= 7 && digits <= 15 && /^[+(]?\d[\d\s()./-]{5,30}(?: ?(?:x|ext\.?) ?\d{1,6})?$/.test(value.trim())
}
const isBirthDate = (value: string): boolean =>
  /(?<!\d)(?:(?:18|19|20)\d{2}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d{2}|(?:19|20)\d{6}|\d{1,2}\.? ?\p{L}{3,10}\.?,? (?:18|19|20)\d{2}|\p{L}{3,10} \d{1,2},? (?:18|19|20)\d{2})(?!\d)/u.test(
    value,
  )
const isAddress = (value: string): boolean =>
  value.length >= 6 &&
  value.length <= 300 &&
  /\d/.test(value) &&
  /\p{L}{3}/u.test(value) &&
  !/^[\d.:/]+$|@|:\/\//.test(value)
const isTelling = (value: string): boolean =>
  value.trim().length >= 2 &&
  !/^(?:string|text|null|none|undefined|true|false|n\/a|unknown|required|\?+|-+|number|date|varchar.*|array.*)$/i.test(
    value.trim(),
  )

const any = (values: readonly string[] | undefined, test: (value: string) => boolean): boolean =>
  values?.some(test) ?? false

function hasPerson(record: PersonRecord): boolean {
  if (any(record.get('person'), (value) => isNamePart(value))) return true
  return any(record.get('name'), isFullName)
}

/** What is told about a person in a record: `health record of a person`; nothing when it is about a company or nobody. */
function kindOf(record: PersonRecord): string | undefined {
  const person = hasPerson(record)
  const reachable = any(record.get('email'), (value) => EMAIL.test(value.trim()) && !ROLE.test(value.trim()))
  if (!person && !reachable) return undefined
  if (any(record.get('health'), isTelling)) return 'health record of a person'
  if (any(record.get('birth'), isBirthDate)) return 'date of birth of a person'
  if (!person) return undefined
  if (any(record.get('private'), isTelling)) return 'private facts about a person'
  const places = record.get('place') ?? []
  if (places.length >= 4) return 'movements of a person'
  if (record.has('company')) return undefined
  if (any(record.get('address'), isAddress)) return 'address of a person'
  return any(record.get('phone'), isPhone) ? 'telephone number of a person' : undefined
}

/** Kinds of what records tell about people. */
export function peopleIn(records: readonly PersonRecord[]): string[] {
  const kinds = new Set(records.flatMap((record) => kindOf(record) ?? []))
  const listed = new Set<string>()
  for (const record of records) {
    const email = record.get('email')?.find((value) => EMAIL.test(value.trim()) && !ROLE.test(value.trim()))
    if (email && hasPerson(record)) listed.add(email)
  }
  if (listed.size >= LIST) kinds.add('list of people')
  return [...kinds]
}
