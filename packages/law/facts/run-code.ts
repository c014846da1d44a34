import type { Text } from './subject.ts'

/** A program in the arguments that would be run, not only written to a file. */
export interface RunCode {
  readonly text: Text
  /** In lower case; empty when nothing says it. */
  readonly language: string
}

const RUNS =
  /(?:^|[._/-])(?:run|exec|execute|eval|evaluate|interpret\w*|notebook|repl|sandbox|jupyter|kernel|python\d?|node|javascript|code)(?:$|[._/-])/i
const KEEPS = /write|save|edit|patch|commit|publish|review|format|lint|search|create|update|store/i
const LANGUAGE = /^(?:language|lang|runtime|interpreter|kernel|engine)$/i
/** More cells of a notebook are put together by nobody at once. */
const MAX_PROGRAMS = 64
const CODE_KEY = /^(?:code|source|source_?code|script|snippet|program|cell|expression)$/i

/**
 * Programs that an action runs: in a member such as `code`, with no path beside it, of a skill whose name says that it runs
 * something, or with the language beside it.
 */
export function runCodeIn(skillId: string, texts: readonly Text[]): RunCode[] {
  const programs = texts.filter(({ isKey, format, key }) => !isKey && format === 'code' && CODE_KEY.test(key))
  if (programs.length === 0 || KEEPS.test(skillId)) return []
  const found: RunCode[] = []
  for (const text of programs.slice(0, MAX_PROGRAMS)) {
    const folder = parentOf(text.pointer())
    const beside = texts.filter(({ isKey, pointer }) => !isKey && parentOf(pointer()) === folder)
    if (beside.some(({ format }) => format === 'path')) continue
    const language = beside.find(({ key }) => LANGUAGE.test(key))?.value.toLowerCase() ?? ''
    if (RUNS.test(skillId) || language !== '') found.push({ text, language })
  }
  return found
}

const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'))
