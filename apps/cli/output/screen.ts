import type { Complaint } from '../exit.ts'
import { createStyle, printable, type Style, wantsColour } from './style.ts'

/** The two streams of the program; a terminal has `isTTY`, `columns` and `rows`. */
export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number }

export interface ScreenOptions {
  stdout: OutputStream
  stderr: OutputStream
  env: NodeJS.ProcessEnv
  json: boolean
}

/** Where a command puts its results and what it says meanwhile. */
export interface Screen {
  readonly json: boolean
  readonly style: Style
  /** True when lines on screen may be redrawn. */
  readonly live: boolean
  readonly stream: OutputStream
  /** Standard error, where people see its lines redrawn; undefined elsewhere, and with `--json`. */
  readonly side: OutputStream | undefined
  /** Text for people; with `--json` it goes to standard error, as standard output then carries JSON only. */
  say(text: string): void
  /** One line of JSON on standard output. */
  emit(value: unknown): void
  /** JSON with `--json`, else the text for people. */
  show(value: unknown, text: () => string): void
  complain(complaint: Complaint): void
}

export function createScreen({ stdout, stderr, env, json }: ScreenOptions): Screen {
  const stream = json ? stderr : stdout
  const style = createStyle(wantsColour(env, stream.isTTY === true))
  // A terminal without a size has no room for what is redrawn.
  const redraws = ({ isTTY, columns = 80, rows = 24 }: OutputStream): boolean =>
    !json && isTTY === true && columns > 0 && rows > 0 && env.TERM !== 'dumb' && !env.CI
  const emit = (value: unknown): void => void stdout.write(`${JSON.stringify(value)}\n`)
  const say = (text: string): void => void stream.write(`${text}\n`)
  return {
    json,
    style,
    live: redraws(stdout),
    stream,
    side: redraws(stderr) ? stderr : undefined,
    say,
    emit,
    show: (value, text) => (json ? emit(value) : say(text())),
    complain: (complaint) => void stderr.write(`${complaintText(complaint, json, env, stderr)}\n`),
  }
}

function complaintText(complaint: Complaint, json: boolean, env: NodeJS.ProcessEnv, stderr: OutputStream): string {
  const { code, message, remedy, details } = complaint
  if (json) return JSON.stringify({ error: { code, message, remedy, details } })
  const style = createStyle(wantsColour(env, stderr.isTTY === true))
  return [
    `${style.bad('✗')} ${printable(message)}`,
    ...(details ?? [])
      .filter((detail) => !message.includes(detail.message))
      .map((detail) => `    ${printable(detail.pointer || '/')}: ${printable(detail.message)}`),
    ...(remedy === undefined ? [] : [`  ${printable(remedy)}`]),
  ].join('\n')
}
