/** Check digits that no library of ours knows. Each takes a number as digits (and letters), without separators. */

const digitsOf = (text: string): number[] => [...text].map(Number)

const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0)

/** ISO/IEC 7812-1, annex B. */
export function luhn(text: string): boolean {
  let sum = 0
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(text.length - 1 - at) - 48
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 && /[1-9]/.test(text)
}

/** Number of a patient of the NHS: modulo 11 over the first nine digits. */
export function nhsNumber(text: string): boolean {
  const digits = digitsOf(text)
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return digits.length === 10 && check !== 10 && check % 11 === digits[9] && !/^(\d)\1*$/.test(text)
}

/** Insurance number of Russia (СНИЛС). */
export function snils(text: string): boolean {
  const digits = digitsOf(text)
  const check = (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100
  return digits.length === 11 && check === Number(text.slice(9)) && !/^0/.test(text)
}

/** Individual number of Japan (マイナンバー). */
export function myNumber(text: string): boolean {
  const digits = digitsOf(text)
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return digits.length === 12 && digits[11] === (rest <= 1 ? 0 : 11 - rest)
}

/** Identity card number of Singapore (NRIC and FIN). */
export function nric(text: string): boolean {
  const series = text.slice(0, 1)
  const sum = weighted(digitsOf(text.slice(1, 8)), [2, 7, 6, 5, 4, 3, 2])
  if (series === 'M')
    return 'XWUTRQPNMLK'[10 - ((sum + 3) % 11)] === text[8] || 'XWUTRQPNJLK'[10 - ((sum + 3) % 11)] === text[8]
  const letters = series === 'S' || series === 'T' ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK'
  return letters[(sum + (series === 'T' || series === 'G' ? 4 : 0)) % 11] === text[8]
}

/** Health insurance number of Hungary (TAJ). */
export function taj(text: string): boolean {
  const digits = digitsOf(text)
  return digits.length === 9 && weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digits[8]
}

/** Medicare card of Australia. */
export function medicare(text: string): boolean {
  const digits = digitsOf(text)
  return /^[2-6]/.test(text) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8]
}

/** Individual number of Kazakhstan (ИИН), which begins with the date of birth. */
export function iin(text: string): boolean {
  const digits = digitsOf(text)
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11
  const check = first < 10 ? first : weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11
  return digits.length === 12 && beginsWithDate(text) && check === digits[11]
}

/** Identity card number of Indonesia (NIK), in which the day of a woman's birth is raised by 40. */
export const nik = (text: string): boolean =>
  /^[1-9]\d{5}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}$/.test(text) && !text.endsWith('0000')

/** `YYMMDD`. */
const beginsWithDate = (text: string): boolean => /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(text)
