/** A command line taken apart. */
export interface Line {
  /** In order, without their dashes; the value is empty for those that take none. */
  readonly options: ReadonlyArray<{ name: string; value: string }>
  readonly operands: readonly string[]
}

/**
 * Takes arguments apart as getopt_long does. `valued` names the options that take a value, separated by spaces; one letter
 * is a short option, which may hold its value itself. A long option may be cut short.
 */
export function readLine(words: readonly string[], valued: string): Line {
  const names = valued.split(' ')
  const short = new Set(names.filter((name) => name.length === 1))
  const long = names.filter((name) => name.length > 1)
  const options: Array<{ name: string; value: string }> = []
  const operands: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--') {
      operands.push(...words.slice(at + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') operands.push(word)
    else if (word.startsWith('--')) {
      const [name, value] = splitAtSign(word.slice(2))
      const known = long.find((one) => one === name) ?? long.find((one) => name.length > 3 && one.startsWith(name))
      if (value === undefined && known) at += 1
      options.push({ name: known ?? name, value: value ?? (known ? (words[at] ?? '') : '') })
    } else at += readShort(word.slice(1), words[at + 1] ?? '', short, long, options)
  }
  return { options, operands }
}

function splitAtSign(option: string): [string, string | undefined] {
  const sign = option.indexOf('=')
  return sign < 0 ? [option, undefined] : [option.slice(0, sign), option.slice(sign + 1)]
}

/** Returns how many of the next words it used. */
function readShort(
  letters: string,
  next: string,
  short: ReadonlySet<string>,
  long: readonly string[],
  options: Array<{ name: string; value: string }>,
): number {
  // Some programs write long options with one dash.
  const [name, value] = splitAtSign(letters)
  if (long.includes(name) && name.length > 2) {
    options.push({ name, value: value ?? next })
    return value === undefined ? 1 : 0
  }
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? ''
    if (!short.has(letter)) {
      options.push({ name: letter, value: '' })
      continue
    }
    const own = letters.slice(at + 1)
    options.push({ name: letter, value: own === '' ? next : own })
    return own === '' ? 1 : 0
  }
  return 0
}

/** Values of the options with one of these names. */
export const valuesOf = ({ options }: Line, names: string): string[] => {
  const wanted = names.split(' ')
  return options.filter(({ name }) => wanted.includes(name)).map(({ value }) => value)
}

export const hasOption = (line: Line, names: string): boolean => {
  const wanted = names.split(' ')
  return line.options.some(({ name }) => wanted.includes(name))
}
