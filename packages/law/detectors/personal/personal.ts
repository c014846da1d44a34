import { readingsOf } from '../../facts/decoded.ts'
import type { Text } from '../../facts/subject.ts'
import { type ActionSubject, type Detector, factAbout, type ObservationSubject } from '../detector.ts'
import { holdsAddressList } from './addresses.ts'
import { blocksIn } from './blocks.ts'
import { holdsCard } from './cards.ts'
import { fieldSort } from './fields.ts'
import { MAY_BE_TOWN, tellsHome } from './homes.ts'
import { holdsIban } from './ibans.ts'
import { nationalIdsIn } from './national-ids.ts'
import { longNumbers } from './numbers.ts'
import { peopleIn } from './people.ts'
import { mayTellOfPeople, peopleInProse } from './prose.ts'
import { recordsInJson, recordsInText } from './records.ts'
import { MAY_BE_TELEPHONE, tellsTelephone } from './telephones.ts'
import { holdsTravelDocument } from './travel-documents.ts'

/** A text without any of these tells nothing about a person that could be told from other text. */
const TELLING =
  /[^\0-\x7f]|@|[A-Za-z]\d{2}|\d[\d .,/\n-]{3,}\d|%[0-9A-Fa-f]{2}|[A-Za-z0-9+/]{24}|<<|[a-z]:\s?\S|[A-Z]\d[A-Z\d]? ?\d[A-Z]|[A-Z]{2,3} \d{4}|\bborn\b|patient|diagnos/i
const LONG_NUMBER = /\d(?:[ .\-/\n\r]{0,2}[A-Za-z]?\d){5}|[A-Za-z]{4}\d{2}|[A-Z]\d{2}[A-Z\d]{4}|<</

/** What a document tells about people, and where: `/body/text: IBAN`. */
function findsIn(document: unknown, texts: readonly Text[]): string[] {
  const finds: string[] = []
  let fields = 0
  let contacts = false
  for (const text of texts) {
    contacts ||= text.value.length <= 160 && (MAY_BE_TELEPHONE.test(text.value) || MAY_BE_TOWN.test(text.value))
    if (text.value.length <= 40 && fieldSort(text.value) !== undefined) fields += 1
    if (text.value.length < 6 || !(TELLING.test(text.value) || mayTellOfPeople(text.value))) continue
    for (const kind of kindsIn(text)) finds.push(`${text.pointer()}: ${kind}`)
  }
  if (fields > 1) for (const kind of peopleIn(recordsInJson(document))) finds.push(kind)
  if (contacts && texts.length > 1) finds.push(...contactsIn(document))
  for (const { key, value, pointer } of longNumbers(document)) {
    for (const kind of numbersIn(String(value), key)) finds.push(`${pointer}: ${kind}`)
  }
  return finds
}

/** What objects and arrays tell about how to reach people, by values that are beside each other. */
function contactsIn(document: unknown): string[] {
  const blocks = blocksIn(document)
  const reached = blocks.some(({ row, form }) => tellsTelephone(row) || tellsTelephone(form))
  return [
    ...(reached ? ['telephone number of a person'] : []),
    ...(blocks.some(({ lines }) => tellsHome(lines)) ? ['address of a person'] : []),
  ]
}

function kindsIn(text: Text): string[] {
  const key = text.isKey ? '' : text.key
  const kinds = new Set<string>()
  for (const reading of readingsOf(text)) {
    for (const kind of numbersIn(reading, key)) kinds.add(kind)
    if (tellsTelephone(reading)) kinds.add('telephone number of a person')
    if (tellsHome(reading)) kinds.add('address of a person')
    if (holdsAddressList(reading)) kinds.add('list of e-mail addresses')
    for (const kind of [...peopleIn(recordsInText(reading)), ...peopleInProse(reading)]) kinds.add(kind)
  }
  return [...kinds]
}

function* numbersIn(text: string, key: string): Generator<string> {
  if (!LONG_NUMBER.test(text)) return
  if (holdsCard(text, key)) yield 'payment card'
  if (holdsIban(text)) yield 'IBAN'
  if (holdsTravelDocument(text)) yield 'travel document'
  yield* nationalIdsIn(text, key)
}

/** Personal data in arguments that would leave for others: by an external effect, or to a host. */
export const personalDataLeaves: Detector<ActionSubject> = {
  name: 'personal-data-leaves',
  rules: ['personal_data_leaves'],
  find({ action, texts }) {
    if (!action.effects.includes('external') && action.resources.hosts.length === 0) return []
    return factAbout(findsIn(action.input, texts), {
      rule: 'personal_data_leaves',
      article: '15',
      severity: 'HIGH',
      message: 'It would give personal data to others.',
      remedy: 'Leave out what tells about people, or wait for the review.',
      confidence: 0.9,
    })
  },
}

/** Personal data that a run has read, after which it could give them away. */
export const personalDataRead: Detector<ObservationSubject> = {
  name: 'personal-data-read',
  rules: ['personal_data_read'],
  find({ output, texts }) {
    return factAbout(findsIn(output, texts), {
      rule: 'personal_data_read',
      article: '15',
      severity: 'HIGH',
      message: 'The run has read personal data.',
      remedy: 'Leave out what tells about people from all that follows.',
      confidence: 0.9,
    })
  },
}
