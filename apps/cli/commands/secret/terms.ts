import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Host, SecretPlace } from '@azora/contracts'
import { usageError } from '../../exit.ts'

/** Options that say where a secret stands in a request. */
export interface PlaceOptions {
  header?: string
  format?: string
  basic?: string
  query?: string
  body?: boolean
}

/** Undefined when nothing was said. */
export function placeOf({ header, format, basic, query, body }: PlaceOptions): SecretPlace | undefined {
  const said = [header ?? format, basic, query, body].filter((option) => option !== undefined)
  if (said.length > 1)
    throw usageError('a secret stands in one place', 'Give one of --header, --basic, --query, --body.')
  if (said.length === 0) return undefined
  const standard = header === undefined || header.toLowerCase() === 'authorization' ? 'Bearer {}' : '{}'
  const place = SecretPlace.safeParse(
    basic !== undefined
      ? { in: 'basic', user: basic }
      : query !== undefined
        ? { in: 'query', name: query }
        : body
          ? { in: 'body' }
          : { in: 'header', name: header?.toLowerCase() ?? 'authorization', format: format ?? standard },
  )
  if (place.success) return place.data
  throw usageError(`the place of the secret ${place.error.issues[0]?.message}`, 'See azora secret put --help.')
}

export function hostsOf(given: readonly string[] | undefined): string[] {
  if (!given || given.length === 0)
    throw usageError('a secret needs at least one host', 'Name the hosts that may get it: --host api.example.com')
  return given.map((name) => {
    const host = Host.safeParse(name.toLowerCase())
    if (host.success) return host.data
    throw usageError(`${name} is not a host`, 'Write it as host or host:port, without a scheme.')
  })
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `15m`, `12h`, `30d` in milliseconds. */
export function durationOf(given: string, option: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(given) ?? []
  if (count !== undefined && Number(count) > 0) return Number(count) * (UNITS[unit] ?? 0)
  throw usageError(`${option} must be a duration such as 90s, 15m, 12h or 30d, not ${given}`)
}

/** A time, or a duration from now on. */
export function expiryOf(given: string | undefined, nowMs: number): { expiresAt?: string } {
  if (given === undefined) return {}
  if (/^\d+[smhd]$/.test(given)) return { expiresAt: new Date(nowMs + durationOf(given, '--expires')).toISOString() }
  const at = /^\d{4}-\d{2}-\d{2}/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(at)) throw usageError(`--expires must be a duration or a time such as 2027-01-31, not ${given}`)
  return { expiresAt: new Date(at).toISOString() }
}

const VALUE_BYTES_MAX = 65_536

/**
 * The value from a file or from standard input, without one line feed at its end. Never from the command line, which
 * every process of the machine can read.
 */
export async function readValue(path: string | undefined, stdin: NodeJS.ReadStream): Promise<string> {
  if (path === undefined && stdin.isTTY)
    throw usageError(
      'the value is read from standard input',
      'Pipe it in: azora secret put NAME … < file, or --from-file.',
    )
  const read = await (path === undefined ? text(stdin) : readFile(path, 'utf8')).catch((error: Error) => {
    throw usageError(`the value can't be read: ${error.message}`)
  })
  if (read.length > VALUE_BYTES_MAX) throw usageError('the value is too long', 'A secret has 16384 characters at most.')
  return read.replace(/\r?\n$/, '')
}
