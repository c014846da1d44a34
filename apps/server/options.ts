import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AzoraError } from '@azora/base'
import { DEFAULT_SHARD, Name, NodeName } from '@azora/contracts'
import type { IsolationMode } from '@azora/execution'
import type { OidcSettings } from '@azora/identity'
import { dataDirectory } from '@azora/sdk/client'
import type { z } from 'zod'
import type { RateLimits } from './http/rate-limit.ts'
import { oidcSettings } from './oidc-settings.ts'
import { rateLimits } from './rate-limit-settings.ts'
import { type ReviewWebhook, reviewWebhookOf } from './review-webhook.ts'
import type { TlsFiles } from './tls/material.ts'
import { webhookHosts } from './webhook-hosts.ts'

export type ServerRole = 'up' | 'server' | 'node'

/** What the command line and the environment say. */
export interface Options {
  role: ServerRole
  host: string
  /** 0 for any free port. */
  port: number
  /** For gRPC without TLS, beside `port`; 0 for any free port, none when absent. */
  grpcPort: number | undefined
  dataDir: string
  /** A PostgreSQL of the user's own; the embedded one when absent. */
  databaseUrl: string | undefined
  /** Actions that the node performs at one time. */
  capacity: number
  /** `none` runs skills and agents without any isolation. */
  isolation: IsolationMode
  logLevel: string
  /** Stop when standard input ends: whoever started us holds the other end. */
  managed: boolean
  /** Control plane that a node dials, as ws(s)://…; for role `node`. */
  url: string | undefined
  nodeName: string
  /** The partition of work that the node serves. */
  shard: string
  /** How long a node that is asked to stop finishes what it has. */
  drainMs: number
  /** The node runs no code but that of its own catalogue. */
  ownCode: boolean
  tokenFile: string | undefined
  journalKeyFile: string | undefined
  /** Verifier keys of the owner, when the private key is kept elsewhere; else it is in the data directory. */
  ownerKeys: string | undefined
  reviewWebhook: ReviewWebhook | undefined
  /** Hosts inside of the network that webhooks may reach, as `host` or `host:port`. */
  webhookHosts: string[]
  /** File with the witnesses whose cosignatures are collected (C2SP tlog-policy). */
  witnessPolicy: string | undefined
  /** Key that secrets are encrypted under: `aws-kms:…`, `gcp-kms:…`; a key file in the data directory when absent. */
  secretsKey: string | undefined
  /** Selects the layers of the constitution that hold here, such as `production`. */
  environment: string | undefined
  /** Where artifacts lie, as `s3://bucket/prefix?region=…`; in the data directory when absent. */
  artifacts: string | undefined
  /** Encrypt new payloads in the database. */
  encryptPayloads: boolean
  /** How browsers reach the server, such as `https://azora.example`; the address that it listens on when absent. */
  publicUrl: string | undefined
  /** Where people sign in, beside here. */
  oidc: OidcSettings | undefined
  /** What a server shows to callers, or a node to its server. */
  tls: TlsFiles | undefined
  /** How often requests may come. */
  rateLimits: RateLimits
  /** Listen for other machines without TLS. */
  allowPlaintext: boolean
}

const FLAGS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '7420' },
  'grpc-port': { type: 'string' },
  data: { type: 'string' },
  capacity: { type: 'string', default: '4' },
  isolation: { type: 'string', default: 'sandbox' },
  'log-level': { type: 'string', default: 'warn' },
  managed: { type: 'boolean', default: false },
  url: { type: 'string' },
  name: { type: 'string', default: 'local' },
  shard: { type: 'string', default: DEFAULT_SHARD },
  drain: { type: 'string', default: '30' },
  'own-code': { type: 'boolean', default: false },
  'token-file': { type: 'string' },
  'journal-key-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-client-ca': { type: 'string' },
  'rate-limit': { type: 'string' },
  'tenant-rate-limit': { type: 'string' },
  'allow-plaintext': { type: 'boolean', default: false },
} as const

/** Parses the program's arguments. Throws `usage`. */
export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values, positionals } = parse(argv)
  const [role, ...rest] = positionals
  if ((role !== 'up' && role !== 'server' && role !== 'node') || rest.length > 0) throw usage('say up, server or node')
  return {
    role,
    host: values.host,
    port: wholeNumber('--port', values.port, 0, 65_535),
    grpcPort:
      values['grpc-port'] === undefined ? undefined : wholeNumber('--grpc-port', values['grpc-port'], 0, 65_535),
    dataDir: values.data === undefined ? dataDirectory(env) : resolve(values.data),
    databaseUrl: env.DATABASE_URL,
    capacity: wholeNumber('--capacity', values.capacity, 1, 1024),
    isolation: isolationMode(values.isolation),
    logLevel: env.AZORA_LOG_LEVEL ?? values['log-level'],
    managed: values.managed,
    url: values.url,
    nodeName: named('--name', NodeName, values.name),
    shard: named('--shard', Name, values.shard),
    drainMs: wholeNumber('--drain', values.drain, 0, 3_600) * 1_000,
    ownCode: values['own-code'],
    tokenFile: values['token-file'],
    journalKeyFile: values['journal-key-file'],
    ownerKeys: env.AZORA_OWNER_VKEY || undefined,
    reviewWebhook: reviewWebhookOf(env),
    webhookHosts: webhookHosts(env.AZORA_WEBHOOK_HOSTS),
    witnessPolicy: env.AZORA_WITNESS_POLICY || undefined,
    secretsKey: env.AZORA_SECRETS_KEY || undefined,
    environment: env.AZORA_ENVIRONMENT || undefined,
    artifacts: env.AZORA_ARTIFACTS || undefined,
    publicUrl: originIn('AZORA_PUBLIC_URL', env.AZORA_PUBLIC_URL),
    oidc: oidcSettings(env),
    tls: tlsFiles(values['tls-cert'], values['tls-key'], values['tls-client-ca']),
    rateLimits: rateLimits(
      values['rate-limit'] ?? env.AZORA_RATE_LIMIT,
      values['tenant-rate-limit'] ?? env.AZORA_TENANT_RATE_LIMIT,
    ),
    allowPlaintext: values['allow-plaintext'],
    encryptPayloads: onOrOff('AZORA_ENCRYPT_PAYLOADS', env.AZORA_ENCRYPT_PAYLOADS),
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true, strict: true })
  } catch (thrown) {
    throw usage(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw usage(`${flag} must be a whole number from ${min} to ${max}, not ${text}`)
}

function isolationMode(text: string): IsolationMode {
  if (text === 'sandbox' || text === 'none') return text
  throw usage(`--isolation is sandbox or none, not ${text}`)
}

function onOrOff(name: string, value: string | undefined): boolean {
  if (!value || value === 'off') return false
  if (value === 'on') return true
  throw usage(`${name} is on or off, not ${value}`)
}

function tlsFiles(cert?: string, key?: string, clientCa?: string): TlsFiles | undefined {
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa }
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined
  throw usage('--tls-cert and --tls-key belong together, and --tls-client-ca to both')
}

function originIn(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
  throw usage(`${name} is an address without a path, such as https://azora.example, not ${text}`)
}

function named(flag: string, schema: z.ZodType<string>, text: string): string {
  const parsed = schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw usage(`${flag} can't be ${text}: ${parsed.error.issues[0]?.message}`)
}

const usage = (message: string): AzoraError =>
  new AzoraError('fix', 'usage', message, { remedy: 'See ./azora up --help.' })
