import type { WatchedLimits } from '../port.ts'

/** A core file is longer than this, and a pipe to a program that takes cores is not opened for it (Linux, core(5)). */
const NO_CORE = 1
/** Of one process: far more than its share, so that what is named is the limit of the whole action. */
const DATA_MARGIN_BYTES = 1024 ** 3

/** Arguments of prlimit(1). They hold for each process by itself, whatever watches their sum. */
export function rlimitArguments(
  { fileBytes, openFiles, cpuMs, memoryBytes }: WatchedLimits,
  isCounted: boolean,
): string[] {
  return [
    `--fsize=${fileBytes}`,
    `--nofile=${openFiles}`,
    `--core=${NO_CORE}`,
    `--cpu=${Math.ceil(cpuMs / 1000) + 1}`,
    ...(isCounted ? [] : [`--data=${2 * memoryBytes + DATA_MARGIN_BYTES}`]),
  ]
}

/** The limits that the end of a process alone tells of: it was ended by the signal that the kernel has for them. */
export const LIMIT_SIGNALS: ReadonlyMap<number, 'cpu' | 'file'> = new Map([
  [24, 'cpu'],
  [25, 'file'],
])
