import type { ActionSubject } from '../detector.ts'
import type { Origin } from './command.ts'

export interface Source {
  text: string
  origin: Origin
}

/** Interpreters that read the language of a POSIX shell. */
const SHEBANG = /^#!\s*\S*?\b(?:env\s+(?:-S\s+)?)?(?:ba|da|k|z|a)?sh\b/
const SCRIPT_NAME = /(?:\.(?:sh|bash|zsh|ksh|command)|(?:^|\/)(?:\.?(?:bashrc|bash_profile|profile|zshrc|envrc)))$/i

/** The texts that a shell would read: command lines, and scripts that are written as files. */
export function sourcesIn({ texts }: ActionSubject): Source[] {
  const sources: Source[] = []
  let paths: Map<string, string> | undefined
  for (const { value, format, declared, pointer } of texts) {
    if (format === 'shell') sources.push({ text: value, origin: { pointer, written: false, declared } })
    if (format !== 'code' || value === '') continue
    paths ??= pathsIn(texts)
    if (SHEBANG.test(value) || (paths.size > 0 && SCRIPT_NAME.test(paths.get(parentOf(pointer())) ?? ''))) {
      sources.push({ text: value, origin: { pointer, written: true, declared } })
    }
  }
  return sources
}

/** The path beside each text, by the pointer of the object that holds both. */
function pathsIn(texts: ActionSubject['texts']): Map<string, string> {
  const paths = new Map<string, string>()
  for (const { value, format, pointer } of texts) if (format === 'path') paths.set(parentOf(pointer()), value)
  return paths
}

const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'))
