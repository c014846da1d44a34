import { personIn } from './names.ts'

const MAX_TEXT = 262_144
const MAX_NUMBERS = 500
/** A cheap sign of one of the numbers below. */
export const MAY_BE_TELEPHONE = /\d(?:[ .\-/()]{0,2}\d){7}/

/** Telephone numbers as they are written in most countries: with the country's code, or in the forms of single ones. */
const TELEPHONE = new RegExp(
  [
    String.raw`(?:\+|\b00)[1-9]\d{0,2}[ .\-/]{0,2}(?:\(0?\d{0,4}\)[ .\-]?)?\d(?:[ .\-/]?\d){5,12}`,
    String.raw`\(0\d{1,5}\)[ \-/]?\d(?:[ \-/]?\d){4,9}`,
    String.raw`\b0\d{1,5}[ .\-/]{0,3}\d(?:[ .\-/]?\d){4,9}`,
    String.raw`\(\d{2,3}\) ?9?\d{3,5}[ .\-]\d{4}`,
    String.raw`\b[2-9]\d{2}[ .\-]\d{3}[ .\-]\d{4}`,
    String.raw`\b1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}`,
    String.raw`\b8 ?\(?\d{3}\)?[ \-]?\d{3}-\d{2}-\d{2}`,
    String.raw`\b[6-9]\d{4} \d{5}`,
    String.raw`\b[5-9]\d{2} \d{3} \d{3}`,
  ]
    .map((form) => String.raw`(?<![\w.,/#$€£:=-])${form}(?![\w%€]|[.,:/-]\d)`)
    .join('|'),
  'gu',
)
/** Dates, postal codes of the United States with nine digits, and numbers of services. */
const NO_TELEPHONE =
  /^(?:(?:\+?1[ .-]{0,2})?\(?8(?:00|88|77|66|55|44|33)(?!\d)|\(?0(?:800|808|845|870|900|180|700|137|118)|\d{5}-\d{4}$|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})/

const WORD = String.raw`\p{Lu}[\p{L}'’.-]{1,30}`
const PARTICLE = '(?:(?:de|del|da|do|dos|das|di|du|la|le|van|von|der|den|zu|ten|ter|bin|ibn|al|el|y|e|af|av) ){0,3}'
const NAME = String.raw`(?:${WORD}(?: ${PARTICLE}${WORD}){1,4}|${WORD}, ${WORD}\p{Ll}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2,8})`
const MARKS = String.raw`[\s:,;|–—=>()[\]·•*"'\-]{0,6}`
/** Words between a person and a number: `… 's mobile number is …`, `… erreichbar unter …`. */
const LINK = String.raw`(?:(?:['’]s|private?|home|mobil[ep]?|mob|cell|phone|tel|tél|telefon\p{L}*|teléfono|téléphone|handy\p{L}*|número|number|numéro|nummer|no|nr|n°|is|on|at|can|be|reached|has|the|new|unter|auf|erreichbar|ist|au|al|en|es|whatsapp|signal|sms|m|t|h|p|c)(?!\p{L})[.: ]{0,2}){0,6}`
const BEFORE = new RegExp(String.raw`(?<![\p{L}'’-])(${NAME})${MARKS}${LINK}${MARKS}$`, 'u')
const AFTER = new RegExp(
  String.raw`^[ \t:,;|–—=>()[\]·•*"'\-]{1,6}(?:(?:is|belongs to|of|for|ask for|von|für|gehört|de|pour|para)[ :]{1,2}){0,2}(${NAME})(?![\p{L}'’-])`,
  'u',
)

/** Signs that a number is an office's, or that its owner gives it away as the sender. */
const OFFICE =
  /(?<!\p{L})(?:gmbh|inc|llc|ltd|plc|ag|corp\p{L}*|company|firma|hotline|press\p{L}*|media|sales|vertrieb|support|office|büro|bureau|oficina|reception|manager|director|geschäftsführer\p{L}*|head of|ceo|cto|cfo|editor|spokes\p{L}*|department|abteilung|service\p{L}*|kundenservice|customer service|helpdesk|imprint|impressum|fax|hotel|restaurant|praxis|kanzlei|clinic|author|maintainer)(?!\p{L})|www\.|https?:/iu
const SIGN_OFF =
  /(?:regards|best|cheers|sincerely|thanks|thank you|wishes|truly|gr(?:ü|ue)(?:ß|ss)en?|gruß|cordialement|salutations|saludos|atentamente|saluti|hälsningar|hilsen|groet(?:en)?|abraços|pozdrawiam|уважением)[\s,.!-]{0,6}$/iu
/** So many are a list, also of people in an office. */
const LIST = 3

/** True for a text with the telephone number of a person whom it names beside it. */
export function tellsTelephone(text: string): boolean {
  if (text.length > MAX_TEXT || !MAY_BE_TELEPHONE.test(text)) return false
  const owners = new Set<string>()
  let seen = 0
  for (const { 0: number, index } of text.matchAll(TELEPHONE)) {
    seen += 1
    if (seen > MAX_NUMBERS) break
    const digits = number.replaceAll(/\D/g, '').length
    if (digits < 8 || digits > 15 || NO_TELEPHONE.test(number)) continue
    const owner = ownerOf(text, index, index + number.length)
    if (owner === undefined) continue
    owners.add(owner.name)
    const around = text.slice(Math.max(0, owner.start - 300), index + 300)
    if (owners.size >= LIST || !OFFICE.test(around)) return true
  }
  return false
}

/** Who is named right before or after a number, on its line or the one above. */
function ownerOf(text: string, start: number, end: number): { name: string; start: number } | undefined {
  const from = Math.max(0, start - 110)
  const before = text.slice(from, start)
  const match = BEFORE.exec(before)
  const name = match?.[1] !== undefined && !/\n[^\n]*\n/.test(match[0]) ? personIn(match[1]) : undefined
  if (match && name !== undefined)
    return SIGN_OFF.test(before.slice(0, match.index)) ? undefined : { name, start: from + match.index }
  const after = AFTER.exec(text.slice(end, end + 90))?.[1]
  const other = after === undefined ? undefined : personIn(after)
  return other === undefined ? undefined : { name: other, start }
}
