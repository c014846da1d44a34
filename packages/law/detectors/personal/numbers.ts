export interface LongNumber {
  /** Name of the member that holds it or, in an array, the nearest one above. */
  key: string
  value: number
  pointer: string
}

const MAX_NUMBERS = 1000
const MAX_VALUES = 100_000
const MAX_DEPTH = 64

/** Integers of eight digits and more in a JSON document, which may be the number of a card or of a person. */
export function longNumbers(document: unknown): LongNumber[] {
  const found: LongNumber[] = []
  let left = MAX_VALUES
  const visit = (value: unknown, key: string, pointer: string, depth: number): void => {
    left -= 1
    if (left < 0 || depth > MAX_DEPTH || found.length >= MAX_NUMBERS) return
    if (typeof value === 'number') {
      if (value >= 1e7 && Number.isSafeInteger(value)) found.push({ key, value, pointer })
    } else if (Array.isArray(value)) {
      for (const [at, child] of value.entries()) visit(child, key, `${pointer}/${at}`, depth + 1)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, child] of Object.entries(value)) visit(child, name, `${pointer}/${name}`, depth + 1)
    }
  }
  visit(document, '', '', 0)
  return found
}
