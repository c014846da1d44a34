import { AzoraError } from '@azora/base'
import { Host } from '@azora/contracts'

const HOSTS_MAX = 100

/**
 * Hosts inside of the network that may be told what happens, as the environment names them: `host` or `host:port`, between
 * commas. Throws `usage`.
 */
export function webhookHosts(text: string | undefined): string[] {
  const hosts = (text ?? '').split(',').flatMap((part) => part.trim().toLowerCase() || [])
  const flaw = hosts.find((host) => !Host.safeParse(host).success)
  if (flaw === undefined && hosts.length <= HOSTS_MAX) return hosts
  throw new AzoraError('fix', 'usage', `AZORA_WEBHOOK_HOSTS names ${flaw ?? `more than ${HOSTS_MAX}`}`, {
    remedy: 'Write hosts as host or host:port, with commas between them.',
  })
}
