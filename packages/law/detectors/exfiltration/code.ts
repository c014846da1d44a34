import { isIP } from 'node:net'
import { parse } from 'tldts'
import { foldConstants } from './constants.ts'
import type { Load } from './reach.ts'
import { bareTarget, type Target, urlTarget } from './targets.ts'
import type { Found } from './web-clients.ts'

const CALLS =
  /\b(?:requests?|urllib\d?|urlopen|http\.client|https?connection|httplib2?|httpx|aiohttp|socket\w*|asyncio|ftplib|smtplib|paramiko|telnetlib|xmlrpc|fetch|axios|got|ky|superagent|undici|https?\.\w+|net\.\w+|tls\.connect|dgram|dns|XMLHttpRequest|WebSocket|EventSource|Net::\w+|open-uri|URI\.open|Faraday|HTTParty|M?LWP|HTTP::Tiny|IO::Socket\w*|TCPSocket|UDPSocket|TcpStream|UdpSocket|reqwest|ureq|HttpURLConnection|InetSocketAddress|curl_init|file_get_contents|fopen|p?fsockopen|stream_\w+|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|curl|wget|Net\.WebClient|WebClient|HttpClient|Start-BitsTransfer|Bits|Msxml2|DownloadString|UploadString|UploadFile|TcpClient|UdpClient|Send-MailMessage|sendBeacon|socketConnection|url)\b/i
const SENDS =
  /\b(?:post|put|patch|upload\w*|send\w*|sendall|write\w*|data|body|files|storbinary|storlines|InFile|method|sendmail|sendBeacon|pipe)\b|-(?:inf\w*|bo\w*|me\w*)\s/i
const READS =
  /\bopen\s{0,9}\(|\bread\w*\s{0,9}\(|\bFile\.|\bfs::read|\bfile_get_contents\b|\benviron\b|\bprocess\.env\b|\bENV\b|\$_|\bpopen\b|\bcheck_output\b|\bsubprocess\b|\bexec\w*\s{0,9}\(|\bGet-Content\b|\bgc\b|-inf\w*\s|\bReadAll\w*|\bReadFile\b|\bcreateReadStream\b|\bUploadFile\b|\$env:|`/i

const URLS = /\b(?:https?|wss?|ftps?|tcp|udp|ssl|tls|mongodb(?:\+srv)?|redis|amqps?|sftp):\/\/[^\s"'`<>)\\]{1,400}/gi
const MAX_CODE = 100_000
const MAX_FINDS = 32

/** In a program that a command is given, which is short, every address counts; in a whole one those that are called. */
export type Kind = 'given' | 'whole'

/** Where a piece of a program in any of the usual languages would connect to, as far as that is made of constants. */
export function hostsInCode(code: string, kind: Kind = 'given'): Found[] {
  if (code.length > MAX_CODE || !CALLS.test(code)) return []
  const text = foldConstants(kind === 'whole' ? withoutComments(code) : code)
  const load = loadOf(text)
  const targets = [...(kind === 'given' ? urlsIn(text) : []), ...calledIn(text), ...keyedIn(text)]
  return targets.slice(0, MAX_FINDS).map((target) => ({ target, load }))
}

/** What it sends: files when it reads any, or gets something that can't be known. */
function loadOf(text: string): Load {
  if (!SENDS.test(text)) return 'nothing'
  return READS.test(text) || text.includes('\0') ? 'files' : 'text'
}

/** Without the lines that are comments and nothing else. */
const withoutComments = (code: string): string => code.replaceAll(/^[ \t]*(?:#\s|\/\/).*$/gm, '')

const urlsIn = (text: string): Target[] =>
  [...text.matchAll(URLS)].slice(0, MAX_FINDS).flatMap(([url]) => urlTarget(url) ?? [])

/** Functions that connect to what they are given, or look it up. */
const CONNECTS =
  /(?<![\w-])(?:connect(?:_ex)?|create_connection|createConnection|open_connection|HTTPS?Connection|FTP(?:_TLS)?|SMTP(?:_SSL)?|IMAP4(?:_SSL)?|POP3(?:_SSL)?|Telnet|TcpClient|UdpClient|(?:TCP|UDP)Socket\.(?:new|open)|TcpStream::connect|p?fsockopen|stream_socket_client|Socket|InetSocketAddress|Dial\w{0,8}|sendto|send_to|socketConnection|Transport|(?:INET6?|SSL)->new|gethostbyname\w{0,3}|gethostbyname|getaddrinfo|Lookup(?:Host|TXT|IP|Addr)|dns\.(?:promises\.)?(?:resolve\w{0,6}|lookup)|(?:require\(["'](?:node:)?dns["']\)|resolver)\.(?:resolve\w{0,6}|lookup|query)|Net::\w+\.(?:start|new|get|post))\s{0,9}\(/g
/** Functions that fetch or send when they are given an address. */
const FETCHES =
  /(?<![\w-])(?:fetch|urlopen|urlretrieve|Request|axios|got|ky|WebSocket|EventSource|curl_init|file_get_contents|fopen|open|sendBeacon|(?:\w{1,40}\??(?:\.|->|::))(?:get|post|put|patch|delete|head|request|send|open|fetch|stream|upload\w{0,10}|download\w{0,10}|connect|start|retrieve|GetAsync|PostAsync|PutAsync|SendAsync|Get|Post|Put|PostForm|NewRequest|post_form))\s{0,9}\(/gi
const ARGUMENTS = 400
const IN_QUOTES = /(["'`])((?:(?!\1)[^\\\n]|\\.){0,400})\1/g
const DGRAM = /,\s{0,9}(\d{2,5})\s{0,9},\s{0,9}["']([\w.-]{3,253})["']/g

function calledIn(text: string): Target[] {
  const connected = argumentsOf(text, CONNECTS).flatMap((given) =>
    [...given.matchAll(IN_QUOTES)].flatMap(([, , value = '']) => hostTarget(value, portAfter(given, value)) ?? []),
  )
  const fetched = argumentsOf(text, FETCHES).flatMap((given) =>
    [...given.matchAll(IN_QUOTES)].flatMap(([, , value = '']) =>
      /^[a-z][a-z+]{1,10}:\/\//i.test(value) ? (urlTarget(value) ?? []) : [],
    ),
  )
  const packets = /\bdgram\b/.test(text)
    ? [...text.matchAll(DGRAM)].flatMap(([, port, host = '']) => hostTarget(host, port) ?? [])
    : []
  return [...connected, ...fetched, ...packets]
}

/** What stands between the parentheses of calls, at most 400 characters. */
function argumentsOf(text: string, calls: RegExp): string[] {
  return [...text.matchAll(calls)].slice(0, 200).map(({ 0: call, index }) => {
    const start = index + call.length
    let depth = 1
    for (let at = start; at < text.length && at < start + ARGUMENTS; at += 1) {
      const character = text[at]
      if (character === '(') depth += 1
      else if (character === ')') depth -= 1
      if (depth === 0) return text.slice(start, at)
    }
    return text.slice(start, start + ARGUMENTS)
  })
}

const portAfter = (given: string, host: string): string | undefined =>
  /^["']\s{0,9}[,)]\s{0,9}(?:port\s{0,9}[:=]\s{0,9})?(\d{2,5})\b/.exec(
    given.slice(given.indexOf(host) + host.length),
  )?.[1]

const KEYED =
  /\b(?:host|hostname|PeerAddr|PeerHost|remote_?host)["']?\s{0,9}(?:=>|[:=])\s{0,9}["']([\w.:-]{4,253})["']/gi
const keyedIn = (text: string): Target[] =>
  [...text.matchAll(KEYED)].slice(0, MAX_FINDS).flatMap(([, host = '']) => hostTarget(host, undefined) ?? [])

const HOST = /^\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?(?::\d{1,5})?$/i
const RESERVED = /\.(?:example|test|invalid|internal|local|lan|home\.arpa|onion)$/i

/** A host by its name or number; one that begins with a dot gets something before it that isn't known. */
function hostTarget(value: string, port: string | undefined): Target | undefined {
  if (value.includes('://')) return urlTarget(value)
  if (!HOST.test(value)) return undefined
  const name = value.replace(/^\./, '').replace(/:\d+$/, '')
  if (isIP(name) === 0 && parse(name).isIcann !== true && !RESERVED.test(name)) return undefined
  const host = value.startsWith('.') ? `\0${value}` : value
  return bareTarget(port === undefined ? host : `${host}:${port}`, 'tcp')
}
