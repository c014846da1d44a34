import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AzoraError } from '@azora/base'
import { parseVerifier, type Verifier } from '@azora/proof'

export interface Options {
  task: 'run' | 'status'
  state: string
  json: boolean
  /** The logs to cosign, with the keys that are trusted for each. */
  logs: Map<string, Verifier[]>
  listen: { host: string; port: number }
  keyFile: string | undefined
  name: string | undefined
  logLevel: string
}

const FLAGS = {
  log: { type: 'string', multiple: true, default: [] as string[] },
  listen: { type: 'string', default: '127.0.0.1:7421' },
  state: { type: 'string' },
  key: { type: 'string' },
  name: { type: 'string' },
  json: { type: 'boolean', default: false },
  'log-level': { type: 'string', default: 'warn' },
} as const

/** Parses the program's arguments. Throws `usage`. */
export function parseOptions(argv: readonly string[]): Options {
  const { values, positionals } = parse(argv)
  const [task, ...rest] = positionals
  if ((task !== 'run' && task !== 'status') || rest.length > 0) throw usage('say run or status')
  if (values.state === undefined) throw usage('say where the witness keeps its state: --state DIR')
  const logs = new Map<string, Verifier[]>()
  for (const given of values.log) {
    const { origin, key } = logOf(given)
    logs.set(origin, [...(logs.get(origin) ?? []), key])
  }
  if (task === 'run' && logs.size === 0) throw usage('say which log to cosign: --log VKEY')
  return {
    task,
    state: resolve(values.state),
    json: values.json,
    logs,
    listen: addressOf(values.listen),
    keyFile: values.key,
    name: values.name,
    logLevel: values['log-level'],
  }
}

/** `VKEY` or `VKEY,origin`; the origin of a log is the name of its key unless it is said. */
function logOf(given: string): { origin: string; key: Verifier } {
  const [vkey = '', ...rest] = given.split(',')
  const key = parseVerifier(vkey)
  if (!key) throw usage(`--log ${given.slice(0, 200)} begins with no verifier key of a log`)
  const origin = rest.length === 0 ? key.name : rest.join(',')
  if (origin === '' || /[\r\n]/.test(origin)) throw usage(`--log ${given.slice(0, 200)} ends with no origin`)
  return { origin, key }
}

function addressOf(given: string): { host: string; port: number } {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(given) ?? []
  const host = bracketed ?? plain
  if (!host || Number(port) > 65_535) throw usage(`--listen ${given.slice(0, 200)} is not HOST:PORT`)
  return { host, port: Number(port) }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true, strict: true })
  } catch (thrown) {
    throw usage(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

const usage = (message: string): AzoraError =>
  new AzoraError('fix', 'usage', message, { remedy: 'See ./azora audit witness --help.' })
