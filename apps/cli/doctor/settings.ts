import { existsSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { localServer } from '@azora/sdk/client'
import type { Session } from '../session.ts'
import type { Finding } from './finding.ts'

/** Settings by which others could read, or do, what they are not meant to; one `ok` when there are none. */
export async function settingsFindings({
  dataDir,
  env,
  remoteUrl,
}: Pick<Session, 'dataDir' | 'env' | 'remoteUrl'>): Promise<Finding[]> {
  const server = await localServer(dataDir)
  const found = [
    ...outsideFindings(server?.outside),
    ...clearTextFindings({ 'the server (--url or AZORA_URL)': remoteUrl, AZORA_PUBLIC_URL: env.AZORA_PUBLIC_URL }),
    ...databaseFindings(env.DATABASE_URL),
    ...webhookFindings(env),
    ...artifactsFindings(env.AZORA_ARTIFACTS),
    ...ownerKeyFindings(dataDir, env.AZORA_ENVIRONMENT),
  ]
  return found.length > 0 ? found : [{ name: 'settings', level: 'ok', detail: 'none that is known to be insecure' }]
}

function outsideFindings(outside: { host: string; tls: boolean } | undefined): Finding[] {
  if (!outside || outside.tls) return []
  return [
    {
      name: 'listening',
      level: 'fail',
      detail: `the server listens at ${outside.host} without TLS: others on the way read tokens`,
      mend: 'Start it with --tls-cert and --tls-key, or at 127.0.0.1 behind a proxy that has TLS.',
    },
  ]
}

/** Addresses to which tokens or cookies go. */
function clearTextFindings(addresses: Record<string, string | undefined>): Finding[] {
  return Object.entries(addresses).flatMap(([name, address]): Finding[] => {
    if (!address || !goesInClear(address)) return []
    const detail = `${address} is reached in clear: others on the way read tokens and sessions`
    return [{ name, level: 'fail', detail, mend: 'Use https: docs/guides/serve-with-tls.md.' }]
  })
}

const DEFAULT_PASSWORDS = new Set(['postgres', 'password', 'azora', 'admin', 'secret', 'changeme', 'test', '123456'])
const SAFE_MODES = new Set(['require', 'verify-ca', 'verify-full'])

function databaseFindings(text: string | undefined): Finding[] {
  if (!text || !URL.canParse(text)) return []
  const { username, password, hostname, searchParams } = new URL(text)
  const name = 'DATABASE_URL'
  const found: Finding[] = []
  const given = decodeURIComponent(password)
  if (given !== '' && (DEFAULT_PASSWORDS.has(given.toLowerCase()) || given === decodeURIComponent(username)))
    found.push({
      name,
      level: 'fail',
      detail: 'its password is one that anybody would try first',
      mend: `Choose a random one: ALTER ROLE "${username}" PASSWORD '…'.`,
    })
  if (!isThisMachine(hostname) && !SAFE_MODES.has(searchParams.get('sslmode') ?? ''))
    found.push({
      name,
      level: 'fail',
      detail: `${hostname} is reached without TLS: entries and the password travel in clear`,
      mend: 'Add sslmode=verify-full to it.',
    })
  return found
}

function webhookFindings(env: NodeJS.ProcessEnv): Finding[] {
  const found = clearTextFindings({ AZORA_REVIEW_WEBHOOK: env.AZORA_REVIEW_WEBHOOK })
  if (env.AZORA_WEBHOOK_HOSTS)
    found.push({
      name: 'AZORA_WEBHOOK_HOSTS',
      level: 'warn',
      detail: `webhooks may reach inside of your network: ${env.AZORA_WEBHOOK_HOSTS}`,
      mend: 'Leave out what no receiver needs.',
    })
  if (env.AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE !== '1') return found
  return [
    ...found,
    {
      name: 'AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE',
      level: 'warn',
      detail: 'the webhook may reach addresses inside of your network',
      mend: 'Unset it, unless its receiver is there.',
    },
  ]
}

function artifactsFindings(text: string | undefined): Finding[] {
  const endpoint = text && URL.canParse(text) ? new URL(text).searchParams.get('endpoint') : null
  return clearTextFindings({ AZORA_ARTIFACTS: endpoint ?? undefined })
}

/** In production, who gets into the server should not be able to sign a law. */
function ownerKeyFindings(dataDir: string, environment: string | undefined): Finding[] {
  const file = join(dataDir, 'keys', 'owner.key')
  if (environment !== 'production' || !existsSync(file)) return []
  return [
    {
      name: "owner's key",
      level: 'warn',
      detail: `${file} lies on the server: whoever gets in can sign a law`,
      mend: 'Keep it elsewhere and give the server its public half: AZORA_OWNER_VKEY (docs/guides/change-the-constitution.md).',
    },
  ]
}

function goesInClear(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return (protocol === 'http:' || protocol === 'ws:') && !isThisMachine(hostname)
}

const isThisMachine = (hostname: string): boolean =>
  hostname === '' ||
  hostname === 'localhost' ||
  hostname === '[::1]' ||
  (isIPv4(hostname) && hostname.startsWith('127.'))
