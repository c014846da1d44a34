/** Second line of the machine-readable zone of passports and visas, and of cards with two lines. */
const TWO_LINES = /([A-Z0-9<]{9})(\d)[A-Z<]{3}(\d{6})(\d)[MFX<](\d{6})(\d)[A-Z0-9<]{7,16}/g
/** The first two lines of cards with three. */
const THREE_LINES =
  /[ACI][A-Z0-9<][A-Z<]{3}([A-Z0-9<]{9})(\d)[A-Z0-9<]{15}\s{1,3}(\d{6})(\d)[MFX<](\d{6})(\d)[A-Z<]{3}/g
const WEIGHTS = [7, 3, 1]

/** ICAO 9303, part 3, 4.9. */
function checkDigit(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at += 1) {
    const value = text[at] === '<' ? 0 : Number.parseInt(text[at] ?? '', 36)
    sum += value * (WEIGHTS[at % 3] ?? 0)
  }
  return sum % 10
}

/** True for the machine-readable zone of a travel document whose check digits are right. */
export function holdsTravelDocument(text: string): boolean {
  if (!text.includes('<')) return false
  return [TWO_LINES, THREE_LINES].some((pattern) =>
    [...text.matchAll(pattern)].some(
      ([, number = '', a, birth = '', b, expiry = '', c]) =>
        checkDigit(number) === Number(a) && checkDigit(birth) === Number(b) && checkDigit(expiry) === Number(c),
    ),
  )
}
