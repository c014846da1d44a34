import { bareTarget, urlTarget } from './targets.ts'
import type { Found } from './web-clients.ts'

const CALLS =
  /\b(?:requests?|urllib\d?|http\.client|httplib2?|httpx|aiohttp|socket|ftplib|smtplib|paramiko|telnetlib|xmlrpc|fetch|axios|got|https?\.(?:get|request|post)|net\.(?:connect|createConnection|Socket)|XMLHttpRequest|WebSocket|Net::HTTP|open-uri|URI\.open|M?LWP|HTTP::Tiny|IO::Socket|TCPSocket|curl_init|file_get_contents|fsockopen|stream_context|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|curl|wget|Net\.WebClient|WebClient|HttpClient|Start-BitsTransfer|Bits|Msxml2|DownloadString|UploadString|UploadFile|TcpClient|Send-MailMessage|sendBeacon)\b/i
const SENDS =
  /\b(?:post|put|patch|upload\w*|send\w*|sendall|write|data|body|files|storbinary|storlines|InFile|method|sendmail|sendBeacon)\b|-(?:inf\w*|bo\w*|me\w*)\s/i
const READS =
  /\bopen\s*\(|\bread\w*\s*\(|\bFile\.|\bfile_get_contents\b|\benviron\b|\bprocess\.env\b|\bENV\b|\$_|\bpopen\b|\bcheck_output\b|\bsubprocess\b|\bexec\w*\s*\(|\bGet-Content\b|\bgc\b|-inf\w*\s|\bReadAll\w*|\bUploadFile\b|\$env:|`/i

const JOINED = /(["'])\s*(?:\+|\.)\s*\1/g
const URLS = /\b(?:https?|wss?|ftp):\/\/[^\s"'`<>)\\]{1,400}/gi
const PAIRS =
  /(?:connect|create_connection|createConnection|HTTPS?Connection|FTP(?:_TLS)?|SMTP(?:_SSL)?|TcpClient|TCPSocket\.(?:new|open)|fsockopen|Socket|sendto)\s*\(?\s*\(?\s*(?:host\s*[:=]\s*)?["']?(?!https?:)([\w-]+(?:\.[\w-]+)+)["']?(?:\s*,\s*(?:port\s*[:=]\s*)?(\d{2,5}))?/gi
const MAX_CODE = 100_000
const MAX_FINDS = 32

/** Where a piece of a program in any of the usual languages would connect to, as far as it is written out. */
export function hostsInCode(code: string): Found[] {
  if (code.length > MAX_CODE) return []
  // Addresses that are put together from pieces, as in 'htt' + 'ps://…'.
  const text = code.replaceAll(JOINED, '')
  if (!CALLS.test(text)) return []
  const load = SENDS.test(text) ? (READS.test(text) || text.includes('\0') ? 'files' : 'text') : 'nothing'
  const urls = [...text.matchAll(URLS)].slice(0, MAX_FINDS).flatMap(([url]) => urlTarget(url) ?? [])
  const pairs = [...text.matchAll(PAIRS)]
    .slice(0, MAX_FINDS)
    .flatMap(([, host = '', port]) => bareTarget(port === undefined ? host : `${host}:${port}`, 'tcp') ?? [])
  return [...urls, ...pairs].map((target) => ({ target, load }))
}
