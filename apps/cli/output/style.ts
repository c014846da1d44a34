import { stripVTControlCharacters, styleText } from 'node:util'

/** Roles, not colours: all of them are readable on dark and on light backgrounds. */
export interface Style {
  good(text: string): string
  bad(text: string): string
  /** Waits for people, or deserves a look. */
  heed(text: string): string
  strong(text: string): string
  quiet(text: string): string
}

type Format = Parameters<typeof styleText>[0]

export function createStyle(coloured: boolean): Style {
  const paint = (format: Format) => (text: string) =>
    coloured && text !== '' ? styleText(format, text, { validateStream: false }) : text
  return {
    good: paint('green'),
    bad: paint('red'),
    heed: paint('magenta'),
    strong: paint('bold'),
    quiet: paint('dim'),
  }
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true
  return isTerminal && env.TERM !== 'dumb'
}

/** C0 and C1 controls but line feed and tab, and the marks that reorder text on screen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Text of others, made harmless for a terminal. */
export const printable = (text: string): string => stripVTControlCharacters(text).replace(CONTROLS, '\ufffd')

/** The same on one line of at most `length` characters. */
export function shorten(text: string, length: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, Math.max(0, length - 1)).trimEnd()}…`
}

/** Characters as seen on screen. */
export const widthOf = (text: string): number => stripVTControlCharacters(text).length

/** Pads to a width as seen on screen. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))
