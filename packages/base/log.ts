import { pino } from 'pino'

/** A structured logger: one JSON object a line on standard error. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

const REDACTED = ['token', 'password', 'authorization', '*.token', '*.password', '*.authorization']

/** @param name the program's role, shown in every line */
export function createLog(name: string, level: string): Log {
  return pino({ name, level, redact: REDACTED }, pino.destination({ dest: 2, sync: true }))
}

export const silentLog: Log = pino({ level: 'silent' })
