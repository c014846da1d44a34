import { personIn } from './names.ts'

const MAX_TEXT = 262_144
const MAX_PARTS = 4000
/** How far above the town a street may be, and a name above the street, in lines or parts between commas. */
const REACH = 3

/** A cheap sign of one of the towns below. */
export const MAY_BE_TOWN = /\d{4}|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]/

const CITY = String.raw`\p{Lu}[\p{L}.'’ /-]{1,40}`
/** A town with its postal code, in the orders of most countries. */
const TOWN = new RegExp(
  '^(?:' +
    [
      String.raw`(?:[A-Z]{1,3}[- ])?\d{4,5},? ${CITY}`,
      String.raw`\d{4} ?[A-Z]{2},? ${CITY}`,
      String.raw`\d{3} \d{2},? ${CITY}`,
      String.raw`\d{2}-\d{3} ${CITY}`,
      String.raw`\d{4,5}-\d{3}(?!\d)(?: ${CITY})?`,
      String.raw`(?:${CITY}[ ,]{1,2})?[A-Z]{2} \d{5}(?:-\d{4})?(?!\d)`,
      String.raw`(?:${CITY} )?[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?![\p{L}\d])`,
      String.raw`(?:${CITY} )?(?:[A-Z]{2} )?[A-Z]\d[A-Z] ?\d[A-Z]\d(?![\p{L}\d])`,
      String.raw`${CITY} (?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT) \d{4}(?!\d)`,
      String.raw`${CITY}[ -]{1,3}\d{5,6}(?!\d)`,
    ].join('|') +
    ')',
  'u',
)
const NUMBER = String.raw`\d{1,4}(?: ?[a-zA-Z])?(?:[-/]\d{1,4}[a-z]?)?`
/** A street with the number of a house, before or after it; what stands before the street is the first group. */
const STREET_FIRST = new RegExp(String.raw`^(.{0,80}?)(\p{Lu}[\p{L}.'’ -]{2,40}) ${NUMBER}(?:[ ,].{0,20})?$`, 'u')
const NUMBER_FIRST =
  /^(.{0,80}?)(?<![\p{L}\d.-])(?!(?:19|20)\d{2}(?!\d))\d{1,5}[a-zA-Z]?(?:[-/]\d{1,4})?,? (\p{L}[\p{L}.'’ -]{3,40})$/u
const COMPANY =
  /(?<!\p{L})(?:gmbh|inc|llc|ltd|limited|plc|ag|kg|ohg|corp\p{L}*|company|e\. ?v\.|b\.?v\.?|s\.?[ar]\.?l\.?|s\.p\.a|foundation|university|universität|institut\p{L}*|department|ministry|office|hotel|museum|school|headquarters|registered|imprint|impressum|author\p{L}*|maintainer|copyright|venue|shop|store|branch|filiale|warehouse)(?!\p{L})|©/iu

/** Lines between a name and a street: whose letter box it is, and where in the house. */
const WITHIN =
  /^(?:c\/o|℅|p\.? ?a\.?|bei|chez|apt|apartment|flat|unit|suite|floor|room|etage|whg|wohnung|piso|appt|bât|esc|haus)(?!\p{L})|^.{0,12}\d|(?:floor|og|stock|etage|étage)$/iu

const NAME_AT_END =
  /(?:^|[\s:>"'([])(\p{Lu}[\p{L}'’.-]{0,30}(?: (?:(?:de|del|da|do|dos|di|du|la|le|van|von|der|den|zu|ten|ter|bin|al|el|y) ){0,3}\p{Lu}[\p{L}'’.-]{1,30}){1,3})[\s.:)*"']{0,4}$/u
/** What comes before a place and not before a person. */
const PLACE_BEFORE = /(?:^|\s)(?:at|in|im|near|inside|opposite|visit|from|@)$/iu
const SETTLES =
  /[\s,](?:who )?(?:at|in|to|on|an|nach|zu|lives|living|resides|wohnt|wohnhaft|habite|demeurant|vive en|abita in|woont op?)\s{1,2}(?:at |in |to |an )?(?:de[rnm] )?$|[:–—]\s{0,2}$/iu

/** A home in Japan or China with the person who lives there. */
const EASTERN = [
  /〒\s?\d{3}-?\d{4}[^〒]{4,80}?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{2}\s?(?:様|さん)/u,
  /(?:收件人|收货人|姓名|联系人|收貨人)[：:\s]{0,3}\p{Script=Han}{2}[^收姓联]{0,70}?(?:路|街|道|巷|弄)\s?\d{1,5}\s?[号號]/u,
]

/** True for a text with the postal address of a person whom it names above it or before it. */
export function tellsHome(text: string): boolean {
  if (text.length > MAX_TEXT) return false
  if (/[〒号號]/.test(text) && EASTERN.some((pattern) => pattern.test(text))) return true
  if (!MAY_BE_TOWN.test(text)) return false
  const parts = text.split(/\r?\n|,\s|[;|\t]|<br ?\/?>/, MAX_PARTS).map((part) => part.trim())
  return parts.some((part, at) => part.length < 120 && TOWN.test(part) && hasDweller(parts, at))
}

function hasDweller(parts: readonly string[], town: number): boolean {
  for (let at = town - 1; at >= Math.max(0, town - REACH); at -= 1) {
    const part = parts[at] ?? ''
    if (part.length > 140) return false
    const streets = [STREET_FIRST, NUMBER_FIRST].map((form) => form.exec(part)).filter((match) => match !== null)
    if (streets.length > 0) return streets.some(([, lead = '']) => isDwelling(parts, at, lead))
  }
  return false
}

/** @param lead what stands before the street on its line */
function isDwelling(parts: readonly string[], street: number, lead: string): boolean {
  const before = SETTLES.test(lead) ? nameAtEnd(lead.replace(SETTLES, '')) : undefined
  if (before !== undefined) return true
  let above = 0
  for (let at = street - 1; at >= 0 && above < REACH; at -= 1) {
    const part = parts[at] ?? ''
    if (part === '') {
      if (above > 0) return false
      continue
    }
    above += 1
    if (COMPANY.test(part)) return false
    if (nameAtEnd(part) !== undefined) return !COMPANY.test(parts[at - 1] ?? '')
    if (!WITHIN.test(part)) return false
  }
  return false
}

function nameAtEnd(part: string): string | undefined {
  if (part.length > 200) return undefined
  const match = NAME_AT_END.exec(part)
  if (!match?.[1] || PLACE_BEFORE.test(part.slice(0, match.index))) return undefined
  return personIn(match[1])
}
