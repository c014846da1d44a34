import type { Command } from '../shell/commands.ts'
import { hasOption, type Line, readLine, valuesOf } from './options.ts'
import { heavier, type Load } from './reach.ts'
import { bareTarget, scpTarget, type Target, urlTarget } from './targets.ts'

/** A place that a command leads to, before it is known where the command stands. */
export interface Found {
  target: Target
  load: Load
  foreign?: string
  tunnel?: boolean
  confidence?: number
}

const HOLE = '\0'

const anyTarget = (text: string): Target | undefined => urlTarget(text) ?? bareTarget(text)

const all = (texts: readonly string[], load: Load, read: (text: string) => Target | undefined = anyTarget): Found[] =>
  texts.flatMap((text) => {
    const target = read(text)
    return target ? [{ target, load }] : []
  })

/** Output of other commands, or something that can't be known. */
const isComputed = (text: string): boolean => text.includes(HOLE)

const loadOfUrl = (url: string): Load => {
  const target = anyTarget(url)
  return target && isComputed(target.rest) ? 'files' : 'nothing'
}

const CURL_VALUED =
  'd F T H X o u A e b c x K m w D r z C E y Y P Q t U data data-raw data-binary data-ascii data-urlencode json form form-string upload-file url url-query header request output user user-agent referer cookie cookie-jar proxy preproxy socks4 socks4a socks5 socks5-hostname config max-time connect-timeout write-out dump-header range resolve connect-to interface cacert cert key retry retry-delay limit-rate mail-from mail-rcpt doh-url dns-servers proxy-user stderr trace trace-ascii output-dir aws-sigv4 oauth2-bearer'
const CURL_DATA = 'd data data-binary data-ascii data-urlencode json'
const CURL_LITERAL = 'data-raw form-string'

export function curl({ words, input }: Command): Found[] {
  const line = readLine(
    words.slice(1).map(({ shape }) => shape),
    CURL_VALUED,
  )
  const urls = [...line.operands, ...valuesOf(line, 'url')].filter((url) => url !== '')
  let load: Load = valuesOf(line, `${CURL_DATA} ${CURL_LITERAL} F form url-query`).length > 0 ? 'text' : 'nothing'
  const uploads =
    hasOption(line, 'T upload-file') ||
    valuesOf(line, CURL_DATA).some((value) => /^(?:[\w.-]*)@/.test(value) || isComputed(value)) ||
    valuesOf(line, `${CURL_LITERAL} H header A user-agent b cookie e referer u user url-query`).some(isComputed) ||
    valuesOf(line, 'F form').some((value) => /=[@<]/.test(value) || isComputed(value)) ||
    (input !== undefined && input !== '' && line.options.some(({ value }) => value === '-' || value === '@-'))
  if (uploads) load = 'files'
  const detours = valuesOf(line, 'x proxy preproxy socks4 socks4a socks5 socks5-hostname doh-url')
  const pinned = [
    ...valuesOf(line, 'resolve').map((value) => value.split(':').slice(2).join(':')),
    ...valuesOf(line, 'connect-to').map((value) => value.split(':').slice(2).join(':')),
  ]
  return [
    ...urls.flatMap((url) => all([url], heavier(load, loadOfUrl(url)))),
    ...all(
      [...detours, ...pinned].filter((value) => value !== ''),
      load,
    ),
  ]
}

const WGET_VALUED =
  'O o P e U t T post-file post-data body-file body-data method header user-agent referer input-file i output-document directory-prefix execute tries timeout user password ca-certificate base B'

export function wget({ words }: Command): Found[] {
  const line = readLine(
    words.slice(1).map(({ shape }) => shape),
    WGET_VALUED,
  )
  let load: Load = hasOption(line, 'post-data body-data') ? 'text' : 'nothing'
  const uploads =
    hasOption(line, 'post-file body-file') ||
    valuesOf(line, 'post-data body-data header U user-agent referer').some(isComputed)
  if (uploads) load = 'files'
  const proxies = valuesOf(line, 'e execute').flatMap((value) => /^\s*\w*_?proxy\s*=\s*(\S+)/i.exec(value)?.[1] ?? [])
  return [...line.operands.flatMap((url) => all([url], heavier(load, loadOfUrl(url)))), ...all(proxies, load)]
}

const METHOD = /^[A-Z]{3,10}$/
const HTTPIE_VALUED = 'a o p s A auth output print style proxy session timeout verify cert auth-type max-redirects raw'

/** HTTPie and xh: `http [METHOD] URL [field=value | field@file]…`. */
export function httpie({ words, input }: Command): Found[] {
  const line = readLine(
    words.slice(1).map(({ shape }) => shape),
    HTTPIE_VALUED,
  )
  const [first = '', ...others] = line.operands
  const [url = '', ...items] = METHOD.test(first) ? others : [first, ...others]
  const uploads =
    (input !== undefined && input !== '') || items.some((item) => /^[^=:]*(?:@|=@|:=@)/.test(item) || isComputed(item))
  const load: Load = uploads ? 'files' : items.some((item) => item.includes('=')) ? 'text' : 'nothing'
  const place = url.startsWith(':') || url.startsWith('/') ? `localhost${url}` : url
  return [
    ...all([place], heavier(load, loadOfUrl(place))),
    ...all(
      valuesOf(line, 'proxy').map((value) => value.replace(/^\w+:(?=\w+:)/, '')),
      load,
    ),
  ]
}

/** Programs that fetch what their operands name. */
export const fetcher = ({ words }: Command): Found[] =>
  words.slice(1).flatMap(({ shape }) => all([shape.replace(/^--?[\w-]+=/, '')], loadOfUrl(shape), urlTarget))

const hostAndPort = ([host = '', port]: readonly string[]): Target | undefined =>
  bareTarget(port === undefined || !/^\d+$/.test(port) ? host : `${host}:${port}`, 'tcp')

const NETCAT_VALUED = 'w p s X x q i e c g G I O P T V m o exec sh-exec proxy source idle-timeout wait'

/** netcat in its dialects, and telnet. */
export function netcat(command: Command): Found[] {
  const line = readLine(
    command.words.slice(1).map(({ shape }) => shape),
    NETCAT_VALUED,
  )
  if (hasOption(line, 'l listen')) return []
  const target = hostAndPort(line.operands)
  const proxies = all(valuesOf(line, 'x proxy'), 'nothing')
  return target ? [{ target, load: piped(command) }, ...proxies] : proxies
}

export function socat(command: Command): Found[] {
  return command.words.slice(1).flatMap(({ shape }) => {
    const [, address = ''] =
      /^(?:tcp|udp|openssl|ssl|sctp|socks\w*|proxy)[46]?(?:-connect|-sendto|-datagram)?:([^,]+)/i.exec(shape) ?? []
    const target = address === '' ? undefined : bareTarget(address.split(':').slice(0, 2).join(':'), 'tcp')
    const isFile = command.words.some(({ shape: other }) =>
      /^(?:file|open|exec|system|fd|pipe|gopen|stdin|-|\/|\.)/i.test(other),
    )
    return target ? [{ target, load: isFile ? ('files' as const) : piped(command) }] : []
  })
}

export function openssl(command: Command): Found[] {
  const words = command.words.map(({ shape }) => shape)
  if (words[1] !== 's_client') return []
  const at = words.findIndex((word) => /^--?(?:connect|proxy)$/.test(word))
  const target = at < 0 ? undefined : bareTarget(words[at + 1] ?? '', 'tcp')
  return target ? [{ target, load: piped(command) }] : []
}

/** What a command that sends its standard input would send. */
export function piped({ input, from, redirections }: Command): Load {
  const isFed = from.length > 0 || redirections.some(({ operator }) => operator === '<' || operator === '<>')
  if (isFed)
    return from.length > 0 &&
      from.every(({ name }) => /^(?:echo|printf|yes|true)$/.test(name ?? '')) &&
      !isComputed(input ?? HOLE)
      ? 'text'
      : 'files'
  if (input === undefined || input === '') return 'nothing'
  return isComputed(input) ? 'files' : 'text'
}

const SSH_VALUED = 'b c D E e F I i J L l m O o p Q R S W w B'
const TUNNEL_HOSTS = /(?:^|\.)(?:serveo\.net|localhost\.run|pinggy\.io|lhr\.life|ssi\.sh|tunnel\.us\.ngrok\.com)$/

/** ssh_config(5): where a connection goes instead, or by way of. */
const detoursIn = (line: Line): Target[] =>
  valuesOf(line, 'o')
    .flatMap((setting) => /^(?:HostName|ProxyJump)[\s=]+(\S+)$/i.exec(setting)?.[1]?.split(',') ?? [])
    .flatMap((host) => (host === 'none' || host.includes('%') ? [] : (bareTarget(host, 'ssh') ?? [])))

export function ssh(command: Command): Found[] {
  const line = readLine(
    command.words.slice(1).map(({ shape }) => shape),
    SSH_VALUED,
  )
  const target = urlTarget(line.operands[0] ?? '') ?? bareTarget(line.operands[0] ?? '', 'ssh')
  const jumps = valuesOf(line, 'J')
    .flatMap((value) => value.split(','))
    .flatMap((jump) => bareTarget(jump, 'ssh') ?? [])
  const detours = detoursIn(line)
  const tunnel = hasOption(line, 'R w D') || (target !== undefined && TUNNEL_HOSTS.test(target.host))
  const found: Found[] = [...jumps, ...detours].map((jump) => ({ target: jump, load: 'nothing' }))
  const isForeign =
    target?.host.includes('.') || target?.host.includes(HOLE) || target?.host.includes(':') || target?.user !== ''
  if (target && isForeign) found.push({ target, load: piped(command), ...(tunnel ? { tunnel } : {}) })
  return found
}

const COPY_VALUED =
  'c F i J l o P S D X e B f T M rsh port exclude exclude-from include include-from filter files-from backup-dir suffix bwlimit timeout log-file temp-dir rsync-path password-file chmod chown out-format info max-size min-size compare-dest link-dest partial-dir'

/** scp and rsync: the last operand is where to. */
export function copy({ words }: Command): Found[] {
  const line = readLine(
    words.slice(1).map(({ shape }) => shape),
    COPY_VALUED,
  )
  const { operands } = line
  const detours = detoursIn(line).map((target): Found => ({ target, load: 'files' }))
  const named = operands.flatMap((operand, at) => {
    const target = urlTarget(operand) ?? scpTarget(operand.replace(/::/, ':')) ?? undefined
    if (!target) return []
    return [
      { target, load: at === operands.length - 1 && operands.length > 1 ? ('files' as const) : ('nothing' as const) },
    ]
  })
  return [...named, ...detours]
}

const SENDS = /(?:^|[\s;"'])(?:m?put|mirror\s+(?:\S+\s+)*-R|mirror\s+--reverse|reput|send|append)\b/

/** ftp, sftp, lftp and tftp: what they are told comes from standard input or an option. */
export function ftp(command: Command): Found[] {
  const line = readLine(
    command.words.slice(1).map(({ shape }) => shape),
    'u e c p b i o P F J l B D R S m f',
  )
  const told = [command.input ?? '', ...valuesOf(line, 'e c b'), ...line.operands].join('\n')
  const opened = /\bopen\s+(?:-\S+\s+)*(\S+)/.exec(told)?.[1]
  const target = [line.operands[0], opened].flatMap((text) =>
    text ? (urlTarget(text) ?? scpTarget(text) ?? bareTarget(text, 'ftp') ?? []) : [],
  )
  const load: Load = SENDS.test(told) || command.name === 'ncftpput' || isComputed(told) ? 'files' : 'nothing'
  return target.filter(({ host }) => /[.\0:]/.test(host)).map((one) => ({ target: one, load }))
}
