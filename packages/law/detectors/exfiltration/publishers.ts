import type { Command } from '../shell/commands.ts'
import { hasOption, type Line, readLine, valuesOf } from './options.ts'
import type { Load } from './reach.ts'
import { bareTarget, scpTarget, type Target, urlTarget } from './targets.ts'
import type { Found } from './web-clients.ts'

const shapesOf = ({ words }: Command): string[] => words.slice(1).map(({ shape }) => shape)

const GIT_VALUED = 'C c git-dir work-tree namespace exec-path'
const OWN_REMOTES = /^(?:origin|upstream)$/
const remoteTarget = (text: string): Target | undefined => urlTarget(text) ?? scpTarget(text)

/** The remotes that a git command adds or reaches. */
export function git(command: Command): Found[] {
  const words = shapesOf(command)
  const before = readGlobal(words)
  const [sub = '', ...rest] = words.slice(before.length)
  const settings = before.flatMap((word, at) => (word === '-c' ? [(before[at + 1] ?? '').split('=')] : []))
  const set = settings.flatMap(([name = '', ...value]) => configured(name, value.join('=')))
  return [...set, ...gitSubcommand(sub, rest)]
}

/** The options before the subcommand. */
function readGlobal(words: readonly string[]): string[] {
  let at = 0
  while (words[at]?.startsWith('-')) at += GIT_VALUED.split(' ').includes((words[at] ?? '').replace(/^-+/, '')) ? 2 : 1
  return words.slice(0, at)
}

function gitSubcommand(sub: string, rest: readonly string[]): Found[] {
  const line = readLine(
    rest,
    'o b m t push-option repo receive-pack exec upload-pack depth branch j jobs reference c config remote origin separate-git-dir',
  )
  const [first = '', second = ''] = line.operands
  switch (sub) {
    case 'push':
      return pushed([...valuesOf(line, 'repo'), first].find((text) => text !== '') ?? '')
    case 'fetch':
    case 'pull':
    case 'ls-remote':
    case 'clone':
      return reached(first)
    case 'archive':
      return valuesOf(line, 'remote').flatMap(reached)
    case 'submodule':
      return first === 'add' ? line.operands.slice(1).flatMap(reached) : []
    case 'remote':
      return /^(?:add|set-url)$/.test(first)
        ? line.operands.slice(2).flatMap((url) => published(url, 'nothing', 'a git remote'))
        : []
    case 'config':
      return configured(
        first === 'set' || first === 'add' ? second : first,
        (first === 'set' || first === 'add' ? line.operands[2] : second) ?? '',
      )
    case 'send-email':
      return mailTo(
        rest.flatMap((word) => word.replace(/^--(?:to|cc|bcc)=?/, '')),
        'files',
      )
    default:
      return []
  }
}

const reached = (text: string): Found[] => {
  const target = remoteTarget(text)
  return target ? [{ target, load: 'nothing' }] : []
}

function published(text: string, load: Load, foreign: string): Found[] {
  const target = remoteTarget(text)
  return target ? [{ target, load, foreign }] : []
}

/** A name that isn't one of the usual two leads nowhere that is known; the command that adds it is judged. */
const pushed = (remote: string): Found[] => (OWN_REMOTES.test(remote) ? [] : published(remote, 'files', 'a git remote'))

/** Where a setting of git leads. */
export function configured(name: string, value: string): Found[] {
  if (/^remote\..*\.(?:push)?url$/i.test(name)) return published(value, 'nothing', 'a git remote')
  if (/^https?(?:\..*)?\.proxy$|^core\.gitproxy$/i.test(name)) return published(value, 'files', 'a proxy')
  const [, base] = /^url\.(.+)\.(?:push)?insteadof$/i.exec(name) ?? []
  return base === undefined ? [] : published(base, 'files', 'a git remote')
}

const REGISTRY_OPTIONS =
  'registry index-url extra-index-url repository-url index host source s i r repository publish-url find-links f'
/** The public registries of the languages. */
export const HOME_REGISTRIES =
  /^(?:registry\.npmjs\.org|registry\.yarnpkg\.com|registry\.npmmirror\.com|npm\.jsr\.io|(?:test\.|upload\.)?pypi\.org|files\.pythonhosted\.org|download\.pytorch\.org|(?:index\.|static\.)?crates\.io|rubygems\.org|(?:api\.)?nuget\.org|repo1?\.maven\.(?:apache\.)?org|proxy\.golang\.org)$/
const PUBLISHES = /^(?:publish|upload|push|deploy|stage)$/

/** npm, pip, cargo and their like: another registry than the public one of the language. */
export function packages(command: Command): Found[] {
  const words = shapesOf(command)
  const line = readLine(words, REGISTRY_OPTIONS)
  const isPublishing = line.operands.some((word) => PUBLISHES.test(word))
  const set = line.operands.some(
    (word, at) => word === 'config' && /^(?:set|--global)$/.test(line.operands[at + 1] ?? ''),
  )
    ? line.operands.flatMap((word) => word.replace(/^[\w@:/.-]*?=(?=https?:)/, ''))
    : []
  const registries = [...valuesOf(line, REGISTRY_OPTIONS), ...set].flatMap((text) => urlTarget(text) ?? [])
  const foreign = registries.filter(({ host }) => isPublishing || !HOME_REGISTRIES.test(host))
  const direct = line.operands.flatMap((text) => urlTarget(text) ?? [])
  return [
    ...foreign
      .filter(({ host }) => !HOME_REGISTRIES.test(host))
      .map((target): Found => ({ target, load: isPublishing ? 'files' : 'nothing', foreign: 'a package registry' })),
    ...direct.filter(({ raw }) => !set.includes(raw)).map((target): Found => ({ target, load: 'nothing' })),
  ]
}

const HOME_IMAGES = /^(?:docker\.io|registry-1\.docker\.io|index\.docker\.io)$/

/** docker, podman, skopeo, helm: images and charts that are pushed. */
export function images(command: Command): Found[] {
  const { operands } = readLine(shapesOf(command), 'H u p c context host username password config platform f t')
  const at = operands.findIndex((word) => word === 'push' || word === 'copy')
  if (at < 0) return []
  return operands.slice(at + 1).flatMap((text) => {
    const image = text.replace(/^(?:docker|oci|https?):\/\//, '')
    const host = image.split('/', 1)[0] ?? ''
    // A first segment with a dot or a port is a registry; anything else is a name at Docker Hub.
    const target = image.includes('/') && /[.:\0]/.test(host) ? bareTarget(host, 'https') : undefined
    return target && !HOME_IMAGES.test(target.host)
      ? [{ target, load: 'files' as const, foreign: 'an image registry' }]
      : []
  })
}

const BUCKET =
  /^(s3|gs|b2|r2|az|abfss?|wasbs?|oss|cos|swift|dbfs|hdfs|gdrive|drive|dropbox|mega|minio):(?:\/\/)?([\w\0.-]+)?/i
const BUCKET_HOSTS: Readonly<Record<string, string>> = {
  s3: 's3.amazonaws.com',
  gs: 'storage.googleapis.com',
  b2: 'backblazeb2.com',
}
const MOVES = /^(?:cp|mv|sync|copy|move|put|upload|mb|rb|rsync|mirror|copyto|moveto|create|put-object|rcat)$/

/** aws, gsutil, rclone and their like: buckets that something is copied to. */
export function buckets(command: Command): Found[] {
  const line = readLine(
    shapesOf(command),
    'endpoint-url profile region bucket account-name container-name name file key body b k c config',
  )
  const endpoints = valuesOf(line, 'endpoint-url').flatMap((text) => urlTarget(text) ?? [])
  if (!line.operands.some((word) => MOVES.test(word))) return endpoints.map((target) => ({ target, load: 'nothing' }))
  const last = line.operands.at(-1) ?? ''
  const isTo =
    BUCKET.test(last) || (command.name === 'rclone' && /^[\w-]+:/.test(last)) || /blob\.core\.windows\.net/.test(last)
  const named = valuesOf(line, 'bucket b account-name container-name').find((text) => text !== '')
  if (!isTo && named === undefined) return endpoints.map((target) => ({ target, load: 'nothing' }))
  if (endpoints.length > 0) return endpoints.map((target) => ({ target, load: 'files', foreign: 'a bucket' }))
  const [, scheme = 's3', bucket = named ?? ''] = BUCKET.exec(last) ?? []
  const domain = BUCKET_HOSTS[scheme.toLowerCase()] ?? `${command.name ?? 'bucket'}.invalid`
  const target = urlTarget(last.startsWith('http') ? last : `${scheme}://${bucket === '' ? '' : `${bucket}.`}${domain}`)
  return target ? [{ target, load: 'files', foreign: 'a bucket' }] : []
}

const ADDRESS = /^[^\s@,;<>"']{1,64}@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i

const mailTo = (words: readonly string[], load: Load): Found[] =>
  words.flatMap((word) => {
    const domain = ADDRESS.exec(word.replace(/^.*<|>.*$/g, ''))?.[1]
    const target = domain === undefined ? undefined : bareTarget(domain, 'mailto')
    return target ? [{ target, load }] : []
  })

const MAIL_VALUED = 's r S q t from to server attach header body auth-user auth-password f b c'

/** mail, mutt, sendmail, swaks: what is piped in, redirected or attached. */
export function mail(command: Command): Found[] {
  const line: Line = readLine(shapesOf(command), MAIL_VALUED)
  const isFed = command.from.length > 0 || command.redirections.some(({ operator }) => operator === '<')
  const load: Load =
    isFed || hasOption(line, 'a A attach attach-body') || (command.input ?? '').includes('\0') ? 'files' : 'text'
  const server = valuesOf(line, 'server').flatMap((text) => bareTarget(text, 'smtp') ?? [])
  return [
    ...mailTo([...line.operands, ...valuesOf(line, 'to b c').flatMap((text) => text.split(','))], load),
    ...server.map((target): Found => ({ target, load })),
  ]
}

const TUNNELS: Readonly<Record<string, string>> = {
  ngrok: 'ngrok.com',
  cloudflared: 'trycloudflare.com',
  lt: 'loca.lt',
  localtunnel: 'loca.lt',
  bore: 'bore.pub',
  zrok: 'zrok.io',
  pagekite: 'pagekite.net',
  loclx: 'localxpose.io',
  tunnelmole: 'tunnelmole.net',
  tmole: 'tunnelmole.net',
  pinggy: 'pinggy.io',
}
const DROPS: Readonly<Record<string, string>> = {
  pastebinit: 'paste.ubuntu.com',
  wormhole: 'wormhole.app',
  croc: 'croc.invalid',
  ffsend: 'send.vis.ee',
  transfer: 'transfer.sh',
  wgetpaste: 'bpa.st',
  sprunge: 'sprunge.us',
}
const SENDING = /^(?:send|upload|--file|-f|-i|up|u)$/

/** Programs that open a tunnel, or hand files to a service of their own. */
export function services(command: Command): Found[] {
  const name = command.name ?? ''
  const words = shapesOf(command)
  const tunnel = TUNNELS[name]
  const isIdle = words.length === 0 || /^(?:--?version|--?help|version|help|update|config|login)$/.test(words[0] ?? '')
  if (tunnel !== undefined) {
    const target = isIdle ? undefined : bareTarget(tunnel)
    return target ? [{ target, load: 'files', tunnel: true }] : []
  }
  const drop = DROPS[name]
  const sends = name === 'croc' || name === 'wormhole' ? words.some((word) => SENDING.test(word)) : true
  const target =
    drop === undefined || !sends || (isIdle && command.input === undefined && command.from.length === 0)
      ? undefined
      : bareTarget(drop)
  return target ? [{ target, load: 'files' }] : []
}

/** GitHub's and GitLab's clients, which know the host themselves. */
export function forge(command: Command): Found[] {
  const [noun = '', verb = '', ...rest] = shapesOf(command)
  const home = command.name === 'glab' ? 'gitlab.com' : 'github.com'
  if ((noun === 'gist' || noun === 'snippet') && verb === 'create') {
    const target = bareTarget(`gist.${home}`)
    return target ? [{ target, load: 'files' }] : []
  }
  const creates =
    noun === 'repo' &&
    (verb === 'create' || verb === 'fork') &&
    rest.some((word) => /^--(?:push|source|public)/.test(word))
  const target = creates ? bareTarget(home) : undefined
  return target ? [{ target, load: 'files', foreign: 'a git remote' }] : []
}
