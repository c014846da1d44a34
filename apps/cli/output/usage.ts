import type { ActionView, Breach, LimitName, Limits } from '@azora/contracts'
import { printable } from './style.ts'
import { bytes, duration } from './text.ts'

/** What an action used: `0.3s cpu, 61.0 MiB memory, 12 processes, 4.0 KiB written`. */
export function usageText({ usage }: Pick<ActionView, 'usage'>): string | undefined {
  if (!usage) return undefined
  return [
    `${duration(usage.cpuMs)} cpu`,
    `${bytes(usage.memoryBytesPeak)} memory`,
    `${usage.processesPeak} processes and threads`,
    `${bytes(usage.diskBytesRead)} read`,
    `${bytes(usage.diskBytesWritten)} written`,
  ].join(', ')
}

/** How an action ended, where it didn't end by itself with success. */
export function endingText({ ending }: Pick<ActionView, 'ending'>): string | undefined {
  if (!ending) return undefined
  const gone = ending.goneAfterMs === undefined ? '' : `, gone after ${duration(ending.goneAfterMs)}`
  if (ending.by === 'cancel') return `cancelled${gone}`
  if (ending.breach) return `${breachText(ending.breach)}${gone}`
  if (ending.signal) return `by signal ${printable(ending.signal)}`
  return ending.exitCode ? `by itself, exit code ${ending.exitCode}` : undefined
}

const figure = (limit: LimitName, value: number): string => {
  if (limit === 'wall' || limit === 'cpu') return duration(value)
  return limit === 'processes' || limit === 'open_files' ? String(value) : bytes(value)
}

const breachText = ({ limit, allowed, used }: Breach): string =>
  `limit ${limit}: ${figure(limit, used)} of ${figure(limit, allowed)}`

/** All limits of an action, in one line. */
export const limitsText = (limits: Limits): string =>
  [
    `time ${duration(limits.wallMs)}`,
    `cpu ${duration(limits.cpuMs)}`,
    `memory ${bytes(limits.memoryBytes)}`,
    `${limits.processes} processes and threads`,
    `${limits.openFiles} open files`,
    `output ${bytes(limits.outputBytes)}`,
    `file ${bytes(limits.fileBytes)}`,
    `disk ${bytes(limits.diskBytes)}`,
    `/tmp ${bytes(limits.tmpBytes)}`,
  ].join(', ')
