import { hasStem, stemsOf } from '../../facts/words.ts'
import { isFullName } from './names.ts'

const MAX_TEXT = 262_144
/** First letters of the words of the patterns below. */
const STEMS = stemsOf(
  'born date dob birt geb gebo gebu née naci nat nata nato nasc föd ur home new priv my her his thei live livi resi wohn domi vive abit mobi pati diag carc canc kreb biop hiv diab depr schi bipo chem radi tumo preg schw hepa epil anti psyc leuk meta pres dosa insu asth addi over misc abor surg bloo chol deme alzh park mult stro infa anor adhd auti suff test leid erkr bein unde refe',
)
const DATE = String.raw`(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}\.? ?(?:de )?\p{L}{3,10}\.?,? (?:de )?(?:19|20)\d{2}|\p{L}{3,10} \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d{2})`
const BORN = new RegExp(
  String.raw`(?<!\p{L})(?:born(?: on)?|date of birth(?: is)?|d\.?o\.?b\.?|birthday is|geb(?:oren|\.)(?: am)?|geburtsdatum|née? le|nacid[oa] el|nat[oa] il|nascid[oa] em|geboren op|född|født|ur\.|род\.)[:,]?\s{1,3}${DATE}`,
  'giu',
)
const LIVES =
  /(?<!\p{L})(?:(?:home|new|private|my|her|his|their) address(?: is)?|lives (?:at|in)|living at|resides at|residing at|wohnhaft|wohnt (?:in|an)|domicili[ée]e? (?:au|à)|vive en|abita in|private (?:phone|number|mobile)|(?:her|his|my) (?:mobile|cell|phone)(?: number)?(?: is)?|mobile(?: number)?|privat(?:nummer|e Nummer)?)[:,]?[^\n]{0,40}?\d/giu
const HEALTH =
  /(?<!\p{L})(?:diagnos\p{L}*|carcinoma|cancer|krebs|biops\p{L}*|hiv[- ]?(?:positiv\p{L}*|status|infection)?|diabet\p{L}*|depressi\p{L}*|schizophreni\p{L}*|bipolar|chemothera\p{L}*|radiothera\p{L}*|tumou?rs?|pregnan\p{L}*|schwanger\p{L}*|hepatitis|epilep\p{L}*|antidepress\p{L}*|psychiatr\p{L}*|psychothera\p{L}*|leuk[ae]+mi\p{L}*|metasta\p{L}*|prescri\p{L}*|dosage|insulin|asthma|addiction|overdose|miscarriage|abortion|surgery|blood pressure|cholesterol|dementia|alzheimer\p{L}*|parkinson\p{L}*|multiple sclerosis|stroke|infarct\p{L}*|anorexia|adhd|autis\p{L}*|\p{L}+ \d{1,4} ?mg)(?!\p{L})/giu
const PATIENT =
  /(?<!\p{L})(?:patient(?:in|e)?s?|suffers from|diagnosed with|tested positive|leidet an|erkrankt an|is being treated|under treatment|referring)(?!\p{L})/iu
const TITLED =
  /(?<!\p{L})(?:mrs?|ms|miss|mx|herrn?|frau|sra?|señora?|mme|mlle|patient(?:in)?|signora?|mevrouw|my name is|ich heiße|je m'appelle|me llamo)\.?:? (\p{Lu}[\p{L}'’.-]{1,30}(?: \p{Lu}[\p{L}'’.-]{1,30}){0,3})/giu
const CAPITALISED =
  /\p{Lu}[\p{L}'’-]{1,30}(?: (?:de|van|von|der|den|da|dos|la|el|al)){0,2}(?: \p{Lu}[\p{L}'’.-]{0,30}){1,3}/gu

/** True for a text with words that could tell about a person. */
export const mayTellOfPeople = (text: string): boolean => text.length >= 20 && hasStem(text, STEMS)

/** What running text tells about a person whom it names, such as in a letter of a doctor. */
export function peopleInProse(text: string): string[] {
  if (text.length > MAX_TEXT || !mayTellOfPeople(text)) return []
  const kinds: string[] = []
  const dated = /\d/.test(text)
  if (dated && follows(text, BORN)) kinds.push('date of birth of a person')
  if (dated && follows(text, LIVES)) kinds.push('address or number of a person')
  const words = new Set(Array.from(text.matchAll(HEALTH), ([word]) => word.toLowerCase()))
  if (words.size > 0 && (words.size > 1 || PATIENT.test(text)) && isNamed(text)) kinds.push('health record of a person')
  return kinds
}

const isNamed = (text: string): boolean =>
  Array.from(text.matchAll(TITLED)).some(([, name = '']) => /^\p{Lu}/u.test(name)) ||
  (PATIENT.test(text) && Array.from(text.matchAll(CAPITALISED)).some(([name]) => isFullName(name)))

/** True when a name is shortly before what the pattern finds. */
function follows(text: string, pattern: RegExp): boolean {
  for (const { index } of text.matchAll(pattern)) {
    const before = text.slice(Math.max(0, index - 160), index)
    if (Array.from(before.matchAll(CAPITALISED)).some(([name]) => isFullName(name))) return true
  }
  return false
}
