import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** Seconds to sleep: so many, and so unlikely, that the number marks the processes of one test. */
export const marker = (): string => String(10 ** 12 + randomInt(10 ** 11))

/** Ids of all processes of this machine whose command line contains the text, whoever their parents are. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch (thrown) {
    // It ended while we looked.
    if (['ENOENT', 'ESRCH'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return ''
    throw thrown
  }
}
