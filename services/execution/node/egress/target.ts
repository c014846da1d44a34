import { isIP } from 'node:net'

/** Where a request goes: a name or address without brackets, in lower case. */
export interface Target {
  host: string
  port: number
}

export function targetOf(url: URL): Target {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return { host, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
}

/** The authority of a CONNECT request (RFC 9110, section 9.3.6): host and port, and nothing else. */
export function targetOfAuthority(authority: string): Target | undefined {
  if (authority.length > 300 || !/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/.test(authority)) return undefined
  const url = URL.parse(`https://${authority}`)
  return url ? targetOf(url) : undefined
}

/** As a URL and a grant name it. */
export const hostText = ({ host }: Target): string => (isIP(host) === 6 ? `[${host}]` : host)

/** Whether one of `grants` names the target: `host` for ports 80 and 443, or `host:port`. */
export function isGranted(grants: ReadonlySet<string>, target: Target): boolean {
  const name = hostText(target)
  return grants.has(`${name}:${target.port}`) || ((target.port === 80 || target.port === 443) && grants.has(name))
}
