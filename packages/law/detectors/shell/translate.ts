import { HOLE } from './machine.ts'
import { hasOption, operandsOf } from './options.ts'

const CLASSES: Readonly<Record<string, string>> = {
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:digit:]': '0-9',
  '[:space:]': ' \t\n',
}

/** What `tr` makes of a text. */
export function translate(words: readonly string[], input: string): string {
  const [from, to = ''] = operandsOf(words).map(setFor)
  if (from === undefined || input === HOLE) return HOLE
  const given = new Set(from)
  const complement = hasOption(words, 'c', '--complement') || hasOption(words, 'C')
  const inSet = (char: string): boolean => given.has(char) !== complement
  if (hasOption(words, 'd', '--delete')) return [...input].filter((char) => char === HOLE || !inSet(char)).join('')
  if (to === '') return input
  const last = to.at(-1) ?? ''
  const sources = [...from]
  const targets = [...to]
  return [...input]
    .map((char) => {
      if (char === HOLE || !inSet(char)) return char
      return complement ? last : (targets[sources.lastIndexOf(char)] ?? last)
    })
    .join('')
}

/** The characters of a set such as `a-z\n`. */
function setFor(text: string): string {
  const plain = text
    .replaceAll(/\[:[a-z]+:\]/g, (name) => CLASSES[name] ?? '')
    .replaceAll(/\\([nrt\\]|[0-7]{1,3})/g, (_, code: string) =>
      code === 'n'
        ? '\n'
        : code === 't'
          ? '\t'
          : code === 'r'
            ? '\r'
            : code === '\\'
              ? '\\'
              : String.fromCharCode(Number.parseInt(code, 8)),
    )
  return plain.replaceAll(/([\s\S])-([\s\S])/g, (_, first: string, last: string) => {
    const start = first.charCodeAt(0)
    const length = Math.min(256, Math.max(0, last.charCodeAt(0) - start + 1))
    return Array.from({ length }, (__, at) => String.fromCharCode(start + at)).join('')
  })
}
