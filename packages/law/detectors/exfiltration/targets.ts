import { domainToUnicode } from 'node:url'

/** Stands for a piece of a command that can't be known. */
const HOLE = '\0'

/** Where something would be sent or fetched from. */
export interface Target {
  /** As it was written; may hold NULs for what can't be known. */
  readonly raw: string
  readonly scheme: string
  /** Lower case, without brackets and port; numeric addresses in dotted form. With a NUL where a piece is unknown. */
  readonly host: string
  /** The host as it was written. */
  readonly rawHost: string
  /** Empty for the scheme's own. */
  readonly port: string
  readonly user: string
  /** Path, query and fragment. */
  readonly rest: string
}

const URL_FORM = /^([a-z][a-z0-9+.-]{0,20}):[\\/]{2,4}([^\\/?#\s]*)([\s\S]*)$/i
const SCP_FORM = /^(?:([\w.+-]{1,64})@)?([\w\0.-]{1,253}|\[[0-9a-f:.]+\]):(?![\\/]{2})([\s\S]*)$/i
const BARE_FORM =
  /^(?:([^\s@/]{1,64})@)?([\w\0-]+(?:\.[\w\0-]+)*\.?|\[[0-9a-f:.]+\])(?::(\d{1,5}|\0))?([/?#][\s\S]*)?$/i
const MAX_TARGET = 16_384
const SPECIAL = /^(https?|wss?|ftp):$/

/** Reads a URL, also one whose pieces are not all known. Undefined for what is no URL with a host. */
export function urlTarget(text: string): Target | undefined {
  const form = text.length <= MAX_TARGET ? URL_FORM.exec(text.trim()) : null
  if (!form) return undefined
  const [, scheme = '', authority = '', rest = ''] = form
  return targetOf(text.trim(), scheme.toLowerCase().replace(/^git\+/, ''), authority, rest)
}

/** Reads `user@host:path`, as scp, rsync and git take it. */
export function scpTarget(text: string): Target | undefined {
  const form = text.length <= MAX_TARGET ? SCP_FORM.exec(text) : null
  if (!form) return undefined
  const [, user = '', host = '', path = ''] = form
  // A letter before a colon is a drive, and a name without a dot mostly an alias or a file.
  if (host.length < 2 || (user === '' && !host.includes('.') && !host.includes(HOLE))) return undefined
  return targetOf(text, 'ssh', `${user === '' ? '' : `${user}@`}${host}`, path)
}

/** Reads a host with or without a port, or a URL without its scheme. */
export function bareTarget(text: string, scheme = 'http'): Target | undefined {
  const form = text.length <= MAX_TARGET ? BARE_FORM.exec(text) : null
  if (!form) return undefined
  const [, user = '', host = '', port, rest = ''] = form
  return targetOf(text, scheme, `${user === '' ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`, rest)
}

function targetOf(raw: string, scheme: string, authority: string, rest: string): Target | undefined {
  const at = authority.lastIndexOf('@')
  const user = at < 0 ? '' : authority.slice(0, at)
  const [, rawHost = '', rawPort = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority.slice(at + 1)) ?? []
  if (rawHost === '') return undefined
  const known = rawHost.includes(HOLE) ? undefined : URL.parse(`http://${rawHost}/`)
  const host = (known?.hostname ?? rawHost.toLowerCase()).replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const port = SPECIAL.test(`${scheme}:`) ? (URL.parse(`${scheme}://h:${rawPort}/`)?.port ?? rawPort) : rawPort
  return { raw, scheme, host, rawHost, port, user, rest }
}

const WEB = /^https?$/

/** True when one of the hosts, written as in a scope, is the target. Only the web's ports are told apart. */
export function isAmong({ host, port, scheme }: Target, hosts: readonly string[]): boolean {
  return hosts.some((named) => {
    const [, name = '', at = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(named) ?? []
    return name.replace(/^\[|\]$/g, '') === host && (!WEB.test(scheme) || at === port)
  })
}

const LOOPBACK = /^(?:localhost|(?:[\w-]+\.)+localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|::)$/

/** This machine, which a command in a sandbox reaches without leaving it. */
export const isLoopback = ({ host }: Target): boolean => LOOPBACK.test(host)

/** True when not even the end of the host is known. */
export const isUnknown = ({ host }: Target): boolean => host.includes(HOLE) && !knownEnd(host).includes('.')

/** What follows the last unknown piece: `t.example.net` of `$(id).t.example.net`. */
export const knownEnd = (host: string): string => host.slice(host.lastIndexOf(HOLE) + 1).replace(/^[.-]/, '')

/** For people: the host as it is reached and, if need be, as it was written in another script. */
export function shownHost({ host, port }: Target): string {
  const shown = host.replaceAll(HOLE, '…')
  const script = shown.includes('xn--') ? ` (${domainToUnicode(shown)})` : ''
  return `${shown.slice(0, 120)}${port === '' ? '' : `:${port.replaceAll(HOLE, '…')}`}${script}`
}
