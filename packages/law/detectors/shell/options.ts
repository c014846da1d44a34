/** Index of the first word after the options. `valued` are the options whose value may be the next word, as `-u --user`. */
export function afterOptions(words: readonly string[], valued: ReadonlySet<string>, start = 1): number {
  let at = start
  while (at < words.length) {
    const word = words[at] ?? ''
    if (word === '--') return at + 1
    if (!word.startsWith('-') || word === '-') return at
    at += takesNext(word, valued) ? 2 : 1
  }
  return at
}

function takesNext(word: string, valued: ReadonlySet<string>): boolean {
  if (valued.has(word)) return true
  if (word.startsWith('--') || word.length === 2) return false
  // In a group such as `-nu`, only the last letter can have its value in the next word.
  const letters = [...word.slice(1)]
  return letters.findIndex((letter) => valued.has(`-${letter}`)) === letters.length - 1
}

/** The value of an option: `-o x`, `-ox`, `--out x` or `--out=x`. */
export function optionValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return words[at + 1]
      if (name.startsWith('--') && word.startsWith(`${name}=`)) return word.slice(name.length + 1)
      if (!name.startsWith('--') && name.length === 2 && word.startsWith(name)) return word.slice(2)
    }
  }
  return undefined
}

/** True when a short option is among the words, also in a group (`-rf`), or a long one. */
export const hasOption = (words: readonly string[], letter: string, ...long: readonly string[]): boolean =>
  words.some((word) => (letter !== '' && isGroupWith(word, letter)) || long.includes(word.split('=', 1)[0] ?? ''))

const isGroupWith = (word: string, letter: string): boolean => /^-[A-Za-z0-9]+$/.test(word) && word.includes(letter)

/** The words that are no options. */
export function operandsOf(words: readonly string[], valued: ReadonlySet<string> = NONE): string[] {
  const operands: string[] = []
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--') return [...operands, ...words.slice(at + 1)]
    if (!word.startsWith('-') || word === '-') operands.push(word)
    else if (takesNext(word, valued)) at += 1
  }
  return operands
}

const NONE: ReadonlySet<string> = new Set()

export const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '))
