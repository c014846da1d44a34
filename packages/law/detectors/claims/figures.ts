import { LOOSE_MONTHS, LOOSE_NUMBER_WORDS, MONTHS, NUMBER_WORDS, SCALES, UNITS, WEEKDAYS } from './figure-words.ts'

/** A number with the values that it may mean, and what it measures if that is known. */
interface Quantity {
  shown: string
  values: readonly number[]
  unit: string | undefined
  /** True after words such as "about" and "more than". */
  rounded: boolean
}

/** Numbers, months and weekdays of a text. */
interface Figures {
  quantities: readonly Quantity[]
  months: ReadonlyMap<number, string>
  weekdays: ReadonlyMap<number, string>
}

/** How far a rounded number may be from the one that it stands for. */
const ROUNDING = 0.05
const ROUNDED =
  /(?:about|around|roughly|approximately|approx\.|some|nearly|almost|over|than|under|up to|at least|circa|ca\.|~|≈|rund|etwa|fast|knapp|über|gut|als|environ|près de|plus de) ?[€$£]?$/iu

const DATE = /(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([./])(\d{1,2})\5(\d{4}))(?!\d)/g
const TOKEN = /(\d+(?:[.,:]\d+)*)|(\p{L}+)/gu
const NEIGHBOUR = /^ ?(?:of )?(?:a )?(\p{L}+|[%‰€$£])(?: (cent)(?!\p{L}))?/u

/**
 * Numbers and dates of a claim that its quotes don't give in any form: `1,040` is given by `1040`, `12` by `twelve`, and
 * `about 4,000` by `4,200`. Both texts must be plain.
 */
export function figuresMissing(claim: string, quotes: string): string[] {
  const claimed = figuresOf(withoutNumbering(claim), true)
  if (claimed.quantities.length + claimed.months.size + claimed.weekdays.size === 0) return []
  const given = figuresOf(quotes, false)
  return [
    ...claimed.quantities.filter((quantity) => !isGiven(quantity, given.quantities)).map(({ shown }) => shown),
    ...[...claimed.months].filter(([month]) => !given.months.has(month)).map(([, shown]) => shown),
    ...[...claimed.weekdays].filter(([day]) => !given.weekdays.has(day)).map(([, shown]) => shown),
  ]
}

/** Without the number of an item in a list, and without marks of footnotes. */
const withoutNumbering = (claim: string): string => claim.replace(/^\d{1,2}[.)] (?=\S)/, '').replace(/\[\d{1,3}\]/g, '')

function isGiven({ values, unit, rounded }: Quantity, given: readonly Quantity[]): boolean {
  return given.some((other) => {
    if (unit && other.unit && unit !== other.unit) return false
    return values.some((value) =>
      other.values.some((known) => value === known || (rounded && Math.abs(value - known) <= ROUNDING * known)),
    )
  })
}

/** `strict` leaves out words that may be no number or month, which a claim can't be held to. */
function figuresOf(text: string, strict: boolean): Figures {
  const quantities: Quantity[] = []
  const months = new Map<number, string>()
  const weekdays = new Map<number, string>()
  for (const match of text.matchAll(DATE)) {
    const { months: ofDate, numbers } = readDate(match, strict)
    for (const month of ofDate) months.set(month, match[0])
    for (const value of numbers) quantities.push({ shown: match[0], values: [value], unit: undefined, rounded: false })
  }
  const rest = text.replace(DATE, (date) => ' '.repeat(date.length))
  for (const { 0: token, 1: digits, index } of rest.matchAll(TOKEN)) {
    const before = rest.slice(Math.max(0, index - 24), index)
    const after = rest.slice(index + token.length, index + token.length + 40)
    if (digits !== undefined) {
      if (!isPartOfName(before, after)) quantities.push(quantityOf(digits, before, after))
      continue
    }
    const word = token.toLowerCase()
    const number = NUMBER_WORDS.get(word)
    if (number !== undefined && !(strict && LOOSE_NUMBER_WORDS.has(word))) {
      quantities.push({
        shown: token,
        values: scaled([number], after),
        unit: unitOf(after),
        rounded: ROUNDED.test(before),
      })
    }
    const month = MONTHS.get(word)
    if (month !== undefined && !(strict && LOOSE_MONTHS.has(word) && !isBesideNumber(before, after))) {
      months.set(month, token)
    }
    const weekday = WEEKDAYS.get(word)
    if (weekday !== undefined) weekdays.set(weekday, token)
  }
  return { quantities, months, weekdays }
}

/** Of 3/4/2024 nobody can tell the month: it gives both, and a claim is held to neither. */
function readDate(match: RegExpExecArray, strict: boolean): { months: number[]; numbers: number[] } {
  const [, year, month, day, first, sign, second, last] = match
  if (year !== undefined) return { months: [Number(month)], numbers: [Number(year), Number(day)] }
  const [a, b] = [Number(first), Number(second)]
  if (sign === '.' || a > 12) return { months: [b], numbers: [a, Number(last)] }
  if (b > 12) return { months: [a], numbers: [b, Number(last)] }
  return strict ? { months: [], numbers: [Number(last)] } : { months: [a, b], numbers: [a, b, Number(last)] }
}

/** As in CO2, COVID-19, v2.1 and 5G, but not in 5mg. */
const isPartOfName = (before: string, after: string): boolean =>
  /\p{L}[-_./]?$/u.test(before) || (/^\p{L}/u.test(after) && !UNITS.has(/^\p{L}+/u.exec(after)?.[0] ?? ''))

const isBesideNumber = (before: string, after: string): boolean =>
  /\d(?:\.|st|nd|rd|th)? (?:of )?$/.test(before) || /^\.? \d/.test(after)

function quantityOf(digits: string, before: string, after: string): Quantity {
  return {
    shown: digits,
    values: scaled(valuesOf(digits), after),
    unit: unitOf(after) ?? UNITS.get(/[€$£]$/.exec(before)?.[0] ?? ''),
    rounded: ROUNDED.test(before.trimEnd()),
  }
}

function unitOf(after: string): string | undefined {
  const [whole, word, cent] = NEIGHBOUR.exec(after) ?? []
  if (whole === undefined || word === undefined) return undefined
  const name = cent === undefined ? word : word + cent
  if (MONTHS.has(name.toLowerCase())) return 'date'
  const unit = UNITS.get(name) ?? UNITS.get(name.toLowerCase())
  return unit ?? (SCALES.has(word.toLowerCase()) ? unitOf(after.slice(whole.length)) : undefined)
}

function scaled(values: readonly number[], after: string): number[] {
  const word = NEIGHBOUR.exec(after)?.[1]?.toLowerCase() ?? ''
  const scale = SCALES.get(word)
  // Rounded, as 4.2 million is not 4200000 in binary.
  return scale === undefined
    ? [...values]
    : [...values, ...values.map((value) => Math.round(value * scale * 100) / 100)]
}

/** `1,500` is one and a half in some countries. Of a time such as 10:30 it is enough that its hour is given. */
function valuesOf(digits: string): number[] {
  if (digits.includes(':')) return [Number(digits.replaceAll(':', '.')), ...digits.split(':').slice(0, 1).map(Number)]
  const [whole = '', fraction, ...more] = digits.split(/[.,]/)
  if (fraction === undefined) return [Number(whole)]
  if (more.length > 0) return [Number(digits.replaceAll(/\D/g, ''))]
  const decimal = Number(`${whole}.${fraction}`)
  return fraction.length === 3 ? [decimal, Number(whole + fraction)] : [decimal]
}
