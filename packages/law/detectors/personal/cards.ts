import { luhn } from './checksums.ts'

/** Thirteen to nineteen digits, together or in groups. */
const CANDIDATE = /(?<![\d.,\p{L}_/-])\d(?:[ \-.\n]{0,2}\d){12,18}(?![\d\p{L}_])/gu
/** Networks by the first digits and the length of their numbers (ISO/IEC 7812). */
const ISSUER =
  /^(?:4\d{15}|4\d{12}|4\d{18}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|6[37])\d{10,17}|220[0-4]\d{12})$/
/** Networks whose numbers are taken for cards without a word about cards beside them. */
const COMMON = /^(?:4\d{15}|5[1-5]\d{14}|3[47]\d{13}|6011\d{12})$/
const GROUPED = /^(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{4,5})$/
const WORDS =
  /card|karte|carte|tarjeta|cartão|cartao|carta di|kaart|kort\b|карт|カード|卡|카드|بطاقة|कार्ड|visa|master ?card|amex|american express|discover|maestro|\bpan\b|\bcvv|\bcvc|expir|valid (?:until|thru)|gültig bis|payment|\bcc\b/iu
const OTHER_NUMBERS =
  /order|track|parcel|invoice|timestamp|imei|serial|sku|isbn|\bean\b|gtin|barcode|reference|session|build/i

/** True for a payment card's number that passes its check digit and begins like those of a network. */
export function holdsCard(text: string, key: string): boolean {
  for (const [candidate] of text.matchAll(CANDIDATE)) {
    const digits = candidate.replaceAll(/\D/g, '')
    if (!ISSUER.test(digits) || !luhn(digits) || /(\d)\1{9}/.test(digits)) continue
    if (GROUPED.test(candidate) || WORDS.test(key) || WORDS.test(text)) return true
    if (COMMON.test(digits) && !OTHER_NUMBERS.test(key) && !OTHER_NUMBERS.test(text)) return true
  }
  return false
}
