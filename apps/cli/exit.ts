import { AnswerError, ApiError, UnreachableError } from '@azora/sdk/client'
import { CommanderError } from 'commander'

/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  unauthorized: 4,
  missing: 5,
  conflict: 6,
  unverified: 7,
  diverged: 8,
  bug: 70,
  interrupted: 130,
} as const
export type ExitCode = number

export const EXIT_CODES_HELP = `Exit codes:
  0    ok
  1    the run ended in fail or cancelled, or the action was denied; a check of doctor failed
  2    the command line or an input is wrong
  3    the server isn't running or can't be reached
  4    not authenticated, or not permitted
  5    what was named doesn't exist
  6    it doesn't fit the present state
  7    the evidence didn't verify
  8    a replay diverged from the record
  70   a defect of Azora
  130  interrupted`

/** An error that the command line itself finds. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exit: ExitCode
  readonly code: string
  /** What a person can do about it. */
  readonly remedy: string | undefined

  constructor(exit: ExitCode, code: string, message: string, remedy?: string) {
    super(message)
    this.exit = exit
    this.code = code
    this.remedy = remedy
  }
}

export const usageError = (message: string, remedy?: string): CliError =>
  new CliError(EXIT.usage, 'usage', message, remedy)

/** What is told to people about an error. */
export interface Complaint {
  exit: ExitCode
  code: string
  message: string
  remedy?: string | undefined
  details?: ReadonlyArray<{ pointer: string; message: string }> | undefined
}

const BY_STATUS: Record<number, ExitCode> = {
  400: EXIT.usage,
  401: EXIT.unauthorized,
  403: EXIT.unauthorized,
  404: EXIT.missing,
  408: EXIT.unreachable,
  409: EXIT.conflict,
  412: EXIT.conflict,
  413: EXIT.usage,
  422: EXIT.usage,
  429: EXIT.unreachable,
  502: EXIT.unreachable,
  503: EXIT.unreachable,
  504: EXIT.unreachable,
  507: EXIT.unreachable,
}

/** What to do on the command line, where the server's remedy is for those who speak HTTP. */
const REMEDIES: Record<string, string> = {
  invalid_request: 'Run the command with --help to see what it takes.',
  unauthenticated: 'Sign in with azora login, or give a valid token with --token or AZORA_TOKEN.',
}

export function complaintOf(thrown: unknown): Complaint {
  if (thrown instanceof CliError) {
    return { exit: thrown.exit, code: thrown.code, message: thrown.message, remedy: thrown.remedy }
  }
  if (thrown instanceof ApiError) {
    const { status, code, remedy, errors } = thrown.problem
    return {
      exit: BY_STATUS[status] ?? EXIT.bug,
      code,
      message: thrown.message,
      remedy: REMEDIES[code] ?? remedy,
      details: errors,
    }
  }
  if (thrown instanceof UnreachableError) {
    const remedy = 'Start it with ./azora up, or name another server with --url.'
    return { exit: EXIT.unreachable, code: 'unreachable', message: thrown.message, remedy }
  }
  if (thrown instanceof AnswerError) {
    const remedy = 'Check that the URL is that of an Azora server of the same version.'
    return { exit: EXIT.unreachable, code: 'unexpected_answer', message: thrown.message, remedy }
  }
  if (thrown instanceof CommanderError) return { exit: EXIT.usage, code: thrown.code, message: thrown.message }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    exit: EXIT.bug,
    code: 'bug',
    message,
    remedy: 'Report it with the output of the same command under AZORA_DEBUG=1.',
  }
}
