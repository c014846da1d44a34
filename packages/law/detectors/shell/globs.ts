const MAX_GLOB = 100

/** A pattern that matches what a simple glob does (`*`, `?`, `[…]`), as a whole; undefined for one that is too complex. */
export function globPattern(glob: string): RegExp | undefined {
  // Several stars in a row of alternatives are what makes matching slow.
  if (glob.length > MAX_GLOB || (glob.match(/\*/g)?.length ?? 0) > 3) return undefined
  let source = ''
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at)
    const end = char === '[' ? glob.indexOf(']', at + 2) : -1
    if (char === '*') source += '.*'
    else if (char === '?') source += '.'
    else if (end > 0) {
      source += `[${glob
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll(/[\\[\]]/g, '\\$&')}]`
      at = end
    } else source += char.replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
  }
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    return undefined
  }
}

/** Programs whose names are sometimes hidden behind a glob. */
const HIDDEN = [
  'rm', 'cat', 'dd', 'sh', 'bash', 'nc', 'netcat', 'ncat', 'curl', 'wget', 'chmod', 'chown', 'sudo', 'su', 'python',
  'python3', 'perl', 'base64', 'mkfs', 'shred', 'nice', 'tar', 'find', 'tee', 'mv', 'cp', 'ls', 'id', 'whoami', 'zsh',
] // biome-ignore format: a list of words

/** The program that a glob such as `/bin/r?` most likely stands for. */
export function programFor(glob: string): string | undefined {
  const pattern = globPattern(glob)
  return pattern && HIDDEN.find((program) => pattern.test(program))
}
