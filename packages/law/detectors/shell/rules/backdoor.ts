import type { Command } from '../command.ts'
import { codeOf, isInterpreter } from '../one-liners.ts'
import { hasOption, setOf } from '../options.ts'
import { isShell, programOf } from '../shells.ts'
import { type Find, type Rule, sourcesOf } from './rule.ts'

const NETWORK = setOf('nc ncat netcat nc.traditional nc.openbsd telnet socat openssl websocat')
const SOCKET_DEVICE = /^\/dev\/(?:tcp|udp)\//
const SHELL_PATH = /\b(?:\/bin\/|\/usr\/bin\/)?(?:ba|z|da|k|c|fi)?sh\b|\bcmd(?:\.exe)?\b|powershell/i

/** Programs that give a shell to whoever connects. */
const SERVERS: Readonly<Record<string, RegExp>> = {
  ttyd: SHELL_PATH,
  gotty: SHELL_PATH,
  wetty: /^/,
  shellinaboxd: /^/,
  telnetd: /-l\s*\S*sh\b/,
  dropbear: /-p|-R/,
  msfvenom: /^/,
  msfconsole: /^/,
  tmate: /^/,
  ztcp: /^/,
}

/** Programs that let others reach this machine from outside. */
const TUNNELS: Readonly<Record<string, RegExp>> = {
  ngrok: /^(?:http|tcp|tls|start)\b/,
  cloudflared: /\btunnel\b/,
  chisel: /\bclient\b/,
  frpc: /^/,
  localtunnel: /^/,
  bore: /\blocal\b/,
  ssh: /(?:^| )-[A-Za-z]*R[A-Za-z]* ?\S*:/,
  autossh: /(?:^| )-[A-Za-z]*R/,
}

/** A shell's input and output tied to a socket of the shell's own. */
function onSocket(command: Command, sockets: ReadonlySet<string>): boolean {
  const { name = '', redirections } = command
  const tied = redirections.some(({ target }) => SOCKET_DEVICE.test(target.shape) || sockets.has(target.shape))
  return tied && (isShell(name) || isInterpreter(name))
}

/** Descriptors that an `exec 5<>/dev/tcp/…` opens. */
const socketsIn = (commands: readonly Command[]): Set<string> =>
  new Set(
    commands
      .filter(({ name, words }) => (name === 'exec' && words.length === 1) || name === ':')
      .flatMap(({ redirections }) => redirections)
      .filter(({ target, descriptor }) => SOCKET_DEVICE.test(target.shape) && descriptor !== undefined)
      .map(({ descriptor }) => String(descriptor)),
  )

/** Lines from a socket that are run: `while read line <&5; do $line; done`. */
const runsSocket = (command: Command, sockets: ReadonlySet<string>): boolean =>
  sockets.size > 0 &&
  (command.name === undefined ||
    command.name === 'eval' ||
    (isShell(command.name) && programOf(command.shapes).kind !== 'file'))

function byTool(command: Command): boolean {
  const { name = '' } = command
  const shapes = command.shapes
  const line = command.line
  if (/^(?:nc|ncat|netcat|nc\.traditional)$/.test(name)) {
    return (
      hasOption(shapes, 'e', '--exec', '--sh-exec', '--lua-exec') || (hasOption(shapes, 'c') && SHELL_PATH.test(line))
    )
  }
  if (name === 'socat')
    return /\b(?:EXEC|SYSTEM):/i.test(line) && /\b(?:TCP|UDP|OPENSSL|SSL|SOCKS|VSOCK|SCTP)\w*(?:-\w+)*:/i.test(line)
  if (name === 'awk' || name === 'gawk') return /\/inet\/(?:tcp|udp)\//.test(line)
  return Object.hasOwn(SERVERS, name) && SERVERS[name]?.test(line) === true
}

/** A shell between two ends of a network program: `nc … | sh`, `sh -i | nc …`. */
function byPipe(command: Command): boolean {
  const { name = '' } = command
  const sources = [...sourcesOf(command)]
  if (isShell(name) && programOf(command.shapes).kind === 'input')
    return sources.some((from) => (NETWORK.has(from.name ?? '') && from.name !== 'openssl') || isTls(from))
  if (!NETWORK.has(name) || (name === 'openssl' && !isTls(command))) return false
  return sources.some(
    (from) => isShell(from.name ?? '') && (programOf(from.shapes).kind === 'input' || hasOption(from.shapes, 'i')),
  )
}

const isTls = ({ name, words }: Command): boolean => name === 'openssl' && words[1]?.text === 's_client'

const SOCKETS_IN_CODE =
  /\bsocket\b|\bIO::Socket|TCPSocket|TCPServer|fsockopen|net\.(?:connect|Socket|createConnection|createServer)|TcpClient|TcpListener|require\(\s*["']net["']\s*\)/i
const SHELLS_IN_CODE =
  /\bdup2\b|pty\.spawn|child_process|\bsubprocess\b|\bos\.(?:system|popen|execute)\b|\bexec\b|proc_open|shell_exec|open\s*\(?\s*STD(?:IN|OUT)|\biex\b|Invoke-Expression|execSync|spawn\(|IO\.popen|popen/i

function inCode(command: Command): boolean {
  const { name = '' } = command
  if (!isInterpreter(name)) return false
  const code = codeOf(name, command.shapes, command.input)?.slice(0, 20_000)
  if (code === undefined || !SOCKETS_IN_CODE.test(code) || !SHELLS_IN_CODE.test(code)) return false
  return SHELL_PATH.test(code) || /dup2|pty\.spawn|check_output|popen|iex|execSync|system|execute|recv/i.test(code)
}

export const opensBackdoor: Rule = {
  rule: 'shell_opens_backdoor',
  message: 'A command would let others run commands on this machine.',
  remedy: 'Leave it out; nobody outside may control the machine.',
  find(commands) {
    const sockets = socketsIn(commands)
    const found = commands
      .filter(
        (command) =>
          onSocket(command, sockets) ||
          runsSocket(command, sockets) ||
          byTool(command) ||
          byPipe(command) ||
          inCode(command),
      )
      .map(
        (command): Find => ({
          command,
          severity: 'CRITICAL',
          what: `${command.name ?? 'commands'} bound to the network`,
        }),
      )
    for (const command of commands) {
      const { name = '' } = command
      if (Object.hasOwn(TUNNELS, name) && TUNNELS[name]?.test(command.line))
        found.push({ command, severity: 'HIGH', what: `${name} tunnel` })
    }
    return found
  },
}
