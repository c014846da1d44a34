import type { Format, Formats } from '@azora/contracts'
import { formatFinder } from './format.ts'
import { walkJson } from './json-walk.ts'

/** A piece of text in a document: a value, or the name of a member. */
export interface Text {
  readonly value: string
  /** Name of the member that it is the value of, or the nearest one above it. */
  readonly key: string
  readonly isKey: boolean
  /** What it is, as declared or, failing that, as the member's name suggests. */
  readonly format: Format | undefined
  /** True when the skill's manifest says so, and not only the member's name. */
  readonly declared: boolean
  /** RFC 6901. */
  pointer(): string
}

/** The words of one command, given as an array. */
export interface Argv {
  readonly words: readonly string[]
  pointer(): string
}

/** A JSON document, read once for all detectors. */
export interface Reading {
  readonly texts: readonly Text[]
  readonly argvs: readonly Argv[]
  /** Pointers to numbers that JSON readers may round (RFC 8259, section 6). */
  readonly unfaithful: readonly string[]
}

const isFaithful = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

/** Throws `input_too_large` when the document is too large or too deep to be judged as a whole. */
export function readDocument(document: unknown, formats: Formats = {}): Reading {
  const texts: Text[] = []
  const argvs: Argv[] = []
  const unfaithful: string[] = []
  const find = formatFinder(formats)
  walkJson(document, (value, place) => {
    if (typeof value === 'string') {
      const { format, declared } = place.isKey ? NO_FORMAT : find(place, value)
      texts.push({ value, key: place.key, isKey: place.isKey, format, declared, pointer: place.pointer })
    } else if (typeof value === 'number') {
      if (!isFaithful(value)) unfaithful.push(place.pointer())
    } else if (isWords(value) && find(place, value).format === 'argv')
      argvs.push({ words: value, pointer: place.pointer })
  })
  return { texts, argvs, unfaithful }
}

const NO_FORMAT = { format: undefined, declared: false } as const

const isWords = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')
