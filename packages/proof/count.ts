/** A whole number from 0 to 2^53 - 1 in its only decimal form; undefined for any other text. */
export function parseCount(text: string): number | undefined {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return undefined
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : undefined
}
