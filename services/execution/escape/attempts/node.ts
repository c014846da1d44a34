import type { Attempt } from '../attempt.ts'

/** An attempt that an action makes on the node around its sandbox. */
export interface NodeAttempt extends Omit<Attempt, 'without' | 'second'> {
  /** Hosts that the proof names. */
  hosts?: readonly string[]
}

/** Says something to the action's own proxy and prints the status line of each answer. */
const toProxy = (...lines: string[]): string => {
  const said = lines.map((line) => `${line}\\r\\n`).join('')
  return `perl -MIO::Socket::INET -e '($h, $p) = $ENV{HTTP_PROXY} =~ m{//([^:]+):(\\d+)}; $s = IO::Socket::INET->new(PeerAddr => $h, PeerPort => $p); print $s "${said}"; $s->shutdown(1); while (<$s>) { print $_ if m{^HTTP/} }'`
}

const REFUSED = /^HTTP\/1\.1 403/m

/** Getting round the proxy that permitted hosts are reached by, and through what is kept of an action. */
export const NODE: readonly NodeAttempt[] = [
  {
    name: 'reach another host by CONNECT',
    tries: 'asks the proxy for a tunnel to a host that the proof doesn’t name',
    guard: 'proxy',
    hosts: ['example.org'],
    program: toProxy('CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443', ''),
    stopped: REFUSED,
  },
  {
    name: 'reach another host by a plain request',
    tries: 'asks the proxy for a URL of a host that the proof doesn’t name, under the name of one that it does',
    guard: 'proxy',
    hosts: ['example.org'],
    program: toProxy('GET http://example.com/ HTTP/1.1', 'Host: example.org', ''),
    stopped: REFUSED,
  },
  {
    name: 'reach the metadata service through the proxy',
    tries: 'asks for a tunnel to 169.254.169.254',
    guard: 'proxy',
    hosts: ['example.org'],
    program: toProxy('CONNECT 169.254.169.254:80 HTTP/1.1', 'Host: 169.254.169.254', ''),
    stopped: REFUSED,
  },
  {
    name: 'reach another port of a permitted host',
    tries: 'asks for a tunnel to port 22',
    guard: 'proxy',
    hosts: ['example.org'],
    program: toProxy('CONNECT example.org:22 HTTP/1.1', 'Host: example.org:22', ''),
    stopped: REFUSED,
  },
  {
    name: 'reach the host’s loopback through the proxy',
    tries: 'spells 127.0.0.1 as one number',
    guard: 'proxy',
    hosts: ['example.org'],
    program: toProxy('CONNECT 2130706433:80 HTTP/1.1', 'Host: 2130706433', ''),
    stopped: REFUSED,
  },
  {
    name: 'go past the proxy',
    tries: 'connects by itself, while the proof names a host',
    guard: 'network',
    hosts: ['1.1.1.1'],
    program: `perl -MSocket=:all -e 'socket(S, AF_INET, SOCK_STREAM, 0); connect(S, pack_sockaddr_in(443, inet_aton("1.1.1.1"))) ? print "ESCAPED\\n" : print "errno=".($!+0)."\\n"'`,
    stopped: /errno=101/,
  },
  {
    name: 'play tricks on a reader’s terminal',
    tries: 'prints control sequences, a title, a paste and characters that turn the direction of text',
    guard: 'plainText',
    program: `printf 'a\\033[2J\\033]0;title\\007\\033]52;c;cHduZWQ=\\007\\302\\233\\342\\200\\256b\\r\\bc'`,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
    stopped: /^a[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/,
  },
  {
    name: 'print without end',
    tries: 'fills the log',
    guard: 'limit',
    program: 'yes',
    stopped: /(?:)/,
    limits: { outputBytes: 4_096 },
    breach: 'output',
  },
  {
    name: 'answer without end',
    tries: 'fills the result',
    guard: 'limit',
    program: 'yes >&3',
    stopped: /(?:)/,
    limits: { outputBytes: 4_096 },
    breach: 'output',
  },
  {
    name: 'never end',
    tries: 'ignores signals and waits',
    guard: 'limit',
    program: 'trap "" TERM INT HUP; while :; do sleep 1; done',
    stopped: /(?:)/,
    limits: { wallMs: 1_000 },
    breach: 'wall',
  },
]

/** Tried by the suite itself: the program is that of an earlier action, which prepares what a later one would be granted. */
export const HELD = {
  name: 'have the host follow a link',
  tries: 'puts a link to a file of the host where a later action is granted a path',
  guard: 'held',
} as const
