import type { Text } from '../../facts/subject.ts'

/** Content that an action would write. */
export interface Written {
  /** With forward slashes; `undefined` when the action doesn't name one. */
  path: string | undefined
  content: string
  pointer: string
}

const CONTENT_KEY = /^(?:contents?|text|body|data)$/i
const PATH_KEY = /^(?:path|file|file_?name|file_?path|to|target|destination|dest)$/i
const DIFF_FILE = /^\+\+\+ (?:b\/)?([^\t\n]+)/

/** What `text` would write, of the document's `texts`: a file, or the lines that a patch adds to each. */
export function writtenBy(text: Text, texts: readonly Text[]): Written[] {
  const pointer = text.pointer()
  const path = besideOf(pointer, texts)
  if (text.format !== 'code' && !(CONTENT_KEY.test(text.key) && path !== undefined)) return []
  if (/^@@ /m.test(text.value) || DIFF_FILE.test(text.value)) return addedBy(text.value, path, pointer)
  return [{ path, content: text.value, pointer }]
}

/** The path in the object that holds the text. */
function besideOf(pointer: string, texts: readonly Text[]): string | undefined {
  const parent = pointer.slice(0, pointer.lastIndexOf('/') + 1)
  const beside = texts.find((other) => {
    if (other.isKey || !(PATH_KEY.test(other.key) || other.format === 'path')) return false
    const at = other.pointer()
    return at !== pointer && at.startsWith(parent) && !at.slice(parent.length).includes('/')
  })
  return beside?.value.replaceAll('\\', '/')
}

function addedBy(patch: string, path: string | undefined, pointer: string): Written[] {
  const files: Array<{ path: string | undefined; lines: string[] }> = [{ path, lines: [] }]
  for (const line of patch.split('\n')) {
    const named = DIFF_FILE.exec(line)
    if (named) files.push({ path: named[1], lines: [] })
    else if (line.startsWith('+')) files.at(-1)?.lines.push(line.slice(1))
  }
  return files
    .filter(({ lines }) => lines.length > 0)
    .map(({ path, lines }) => ({ path, content: lines.join('\n'), pointer }))
}
