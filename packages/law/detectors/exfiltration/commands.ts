import type { Command } from '../shell/commands.ts'
import { hostsInCode } from './code.ts'
import { byVariables } from './environment.ts'
import { buckets, forge, git, images, mail, packages, services } from './publishers.ts'
import type { Reach } from './reach.ts'
import { bareTarget, urlTarget } from './targets.ts'
import {
  copy,
  curl,
  type Found,
  fetcher,
  ftp,
  httpie,
  netcat,
  openssl,
  piped,
  socat,
  ssh,
  wget,
} from './web-clients.ts'

type Reader = (command: Command) => Found[]

const READERS = new Map<string, Reader>(
  (
    [
      ['curl curlie', curl],
      ['wget wget2', wget],
      ['http https xh xhs', httpie],
      ['aria2c axel lynx w3m links elinks fetch httrack youtube-dl yt-dlp open xdg-open start deno-install', fetcher],
      ['nc ncat netcat nc.traditional nc.openbsd telnet', netcat],
      ['socat', socat],
      ['openssl', openssl],
      ['ssh autossh mosh sshuttle', ssh],
      ['scp rsync', copy],
      ['ftp sftp lftp tftp ncftp ncftpput', ftp],
      ['git', git],
      [
        'npm pnpm yarn bun npx pip pip2 pip3 pipx uv poetry twine flit hatch cargo gem bundle composer dotnet nuget',
        packages,
      ],
      ['docker podman nerdctl buildah skopeo helm crane oras', images],
      ['aws gsutil gcloud az azcopy s3cmd s4cmd s5cmd mc rclone b2 wrangler ossutil', buckets],
      ['mail mailx mutt neomutt sendmail msmtp swaks s-nail', mail],
      ['ngrok cloudflared lt localtunnel bore zrok pagekite loclx tunnelmole tmole pinggy', services],
      ['pastebinit wormhole croc ffsend transfer wgetpaste sprunge', services],
      ['gh glab', forge],
    ] as const
  ).flatMap(([names, reader]) => names.split(' ').map((name): [string, Reader] => [name, reader])),
)

const INTERPRETER =
  /^(?:python[\d.]*|pypy3?|node|nodejs|deno|bun|tsx|perl|ruby|php|lua|tclsh|powershell|pwsh|osascript|groovy|rscript)(?:\.exe)?$/
const CODE_OPTION = /^-{1,2}(?:[a-z]*[cerEp]|eval|print|command|com?m?a?n?d?|encodedcommand|enc?|ec|exec)$/i
/** Programs that only print or look at what they are given. */
const READS_TEXT =
  /^(?:echo|printf|grep|egrep|fgrep|rg|sed|awk|gawk|cat|tee|test|\[|\[\[|export|declare|local|set|read|jq|yq|sort|head|tail|cut|tr|diff|expr|true|false|:|alias|cp|mv|rm|mkdir|touch|ls|find|make|tar|zip|gzip|vim?|nano|code|basename|dirname|wc|xargs|date|sleep|cd|eval|source|\.|env)$/
const TARGET_OPTION =
  /^--?(?:\w+-)*(?:url|uri|endpoint|server|host|webhook|callback|remote|registry|proxy|upload|destination|dest|target|sink|push|api)(?:-url|-uri|-to)?(?:=(.*))?$/i
const MAX_COMMANDS = 2000

/** Where the commands that an action runs lead. Scripts that are only written lead nowhere. */
export function reachesByCommand(commands: readonly Command[]): Reach[] {
  return commands.slice(0, MAX_COMMANDS).flatMap((command) => {
    const { origin } = command
    if (origin.written) return []
    const place = { pointer: origin.pointer, ...(origin.span ? { span: origin.span } : {}) }
    return foundIn(command).map(({ confidence = 1, ...found }) => ({ ...found, confidence, place }))
  })
}

function foundIn(command: Command): Found[] {
  const name = command.name ?? ''
  const read = READERS.get(name.replace(/\.exe$/, ''))
  const found = read ? read(command) : INTERPRETER.test(name) ? inCode(command) : unknownProgram(command)
  return [...found, ...byDevice(command), ...byVariables(command)]
}

/** `/dev/tcp/host/port`, which bash makes a connection of. */
const byDevice = ({ redirections }: Command): Found[] =>
  redirections.flatMap(({ operator, target }) => {
    const [, host = '', port = ''] = /^\/dev\/(?:tcp|udp)\/([^/]+)\/([^/]+)$/.exec(target.shape) ?? []
    const reached = host === '' ? undefined : bareTarget(`${host}:${port}`, 'tcp')
    return reached ? [{ target: reached, load: operator === '<' ? ('nothing' as const) : ('files' as const) }] : []
  })

function inCode(command: Command): Found[] {
  // Whole programs are read by themselves.
  if (command.origin.program && command.wrappers.length === 0) return []
  const shapes = command.words.map(({ shape }) => shape)
  const at = shapes.findIndex((shape, index) => index > 0 && CODE_OPTION.test(shape))
  const code = at < 0 ? (shapes.length < 3 ? (command.input ?? '') : '') : shapes.slice(1).join(' ')
  const isPipedIn = at >= 0 && command.from.length > 0 && piped(command) === 'files'
  return hostsInCode(code).map((found) => (isPipedIn && found.load === 'text' ? { ...found, load: 'files' } : found))
}

/** A program that isn't known: options whose names say that they take an address to connect to. */
function unknownProgram({ name, words }: Command): Found[] {
  if (name !== undefined && READS_TEXT.test(name)) return []
  return words.slice(1).flatMap(({ shape }, at) => {
    const [option, value] = TARGET_OPTION.exec(shape) ?? []
    const address = option === undefined ? undefined : (value ?? words[at + 2]?.shape)
    const target = address === undefined ? undefined : urlTarget(address)
    return target ? [{ target, load: 'nothing' as const, confidence: 0.8 }] : []
  })
}
