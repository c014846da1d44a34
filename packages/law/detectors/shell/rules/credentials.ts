import type { Command } from '../command.ts'
import { globPattern } from '../globs.ts'
import { codeOf, isInterpreter } from '../one-liners.ts'
import { setOf } from '../options.ts'
import { resolve } from '../paths.ts'
import { byProgram, type Find, type Rule, redirectedTo, sourcesOf } from './rule.ts'

const HOME = String.raw`(?:~[^/]*|\/home\/[^/]+|\/root|\/Users\/[^/]+|\/var\/lib\/[^/]+)\/`
const STORES = new RegExp(
  [
    String.raw`${HOME}\.ssh\/?(?:$|\*|id_\w+$|[^/]*(?:key|\.pem|rsa|ed25519|ecdsa)$|\0)`,
    String.raw`${HOME}\.(?:aws(?:\/(?:credentials|config)?)?$|azure(?:\/|$)|kube\/config|docker\/config\.json|gnupg(?:\/|$)|netrc$|pgpass$|my\.cnf$|git-credentials$|npmrc$|pypirc$|vault-token$|password-store|cargo\/credentials|gem\/credentials|terraform\.d\/credentials|boto$|s3cfg$|config\/(?:gh\/hosts|gcloud|hub$|rclone|op\/)|local\/share\/keyrings|bash_history$|zsh_history$|electrum|bitcoin|ethereum|mozilla\/firefox|config\/(?:google-chrome|chromium|BraveSoftware))`,
    String.raw`${HOME}Library\/(?:Keychains|Application Support\/(?:Google\/Chrome|Firefox))`,
    String.raw`^\/etc\/(?:shadow|gshadow|master\.passwd|krb5\.keytab|ssh\/ssh_host_\w+_key$|kubernetes\/(?:admin\.conf|pki)|ssl\/private)`,
    String.raw`^\/proc\/[^/]+\/(?:environ|mem|maps)$`,
    String.raw`^\/(?:var\/)?run\/secrets\/`,
    String.raw`(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.git-credentials|\.netrc|\.pgpass|\.aws\/credentials|credentials\.json|service[-_]account[\w-]*\.json|Login Data|key4\.db|logins\.json|wallet\.dat)$`,
    String.raw`(?:^|\/)\.env(?:\.(?!example|sample|template|dist|test|defaults?$)[\w.-]+)?$`,
  ].join('|'),
)

/** Programs that name such a file without showing what is in it. */
const EXEMPT = setOf(
  'ssh ssh-add ssh-keygen autossh mosh chmod chown ls stat test [ [[ mkdir touch rm unlink rmdir echo printf : cd git gitleaks trufflehog realpath dirname basename file du find export docker docker-compose podman source . set ssh-copy-id ln direnv dotenv env-cmd dotenvx node python python3 npm npx pnpm yarn shred truncate which command git-secret sops tee',
)
/** Options whose value a program only uses to identify itself. */
const IDENTITY = setOf(
  '-i --identity --identity-file --env-file --key --cert --cacert --private-key --kubeconfig --exclude --include -C',
)

/** Programs whose purpose is to show what is secret. */
const SHOWS: ReadonlyArray<[RegExp, RegExp]> = [
  [/^security$/, /\b(?:find-(?:generic|internet)-password|dump-keychain|export)\b/],
  [/^gpg2?$/, /--export-secret-(?:sub)?keys\b|--export-secret/],
  [
    /^aws$/,
    /\bconfigure\s+(?:get\b.*(?:secret|token|key)|export-credentials)|\bsts\s+(?:get-session-token|assume-role)|\bsecretsmanager\s+get-secret-value|\bssm\s+get-parameters?\b.*--with-decryption|\becr\s+get-login-password\b|\biam\s+create-access-key/,
  ],
  [/^gcloud$/, /\bauth\s+(?:application-default\s+)?print-(?:access|identity)-token|\bsecrets\s+versions\s+access/],
  [/^az$/, /\b(?:account\s+get-access-token|keyvault\s+secret\s+(?:show|download))/],
  [/^gh$/, /\bauth\s+(?:token|status\s+(?:-t|--show-token))/],
  [/^(?:kubectl|oc)$/, /\bget\s+secrets?\b.*(?:-o|--output)\b|\bconfig\s+view\b.*--raw|\bcreate\s+token\b/],
  [
    /^(?:vault|op|bw|pass|lpass|doppler|chamber)$/,
    /^(?:kv\s+get|read|item\s+get|get\s+(?:password|item)|show|secrets\s+(?:get|download)|print\s+token|export|-c\b)/,
  ],
  [/^git$/, /\bcredential\s+fill\b|\bcredential-\w+\s+get\b/],
  [/^heroku$/, /\b(?:config(?!:set)|auth:token)\b/],
  [/^(?:secret-tool|kwallet-query|keyring|keytool)$/, /\b(?:lookup|search|get|-r|-importkeystore)\b/],
  [/^(?:mimikatz|lazagne|secretsdump\S*|linpeas\S*|gcore|procdump)$/, /^/],
  [/^(?:getent)$/, /\bg?shadow\b/],
  [/^(?:npm|yarn)$/, /\bconfig\s+get\b.*_auth/],
]
const waysOf = byProgram(SHOWS)

const METADATA =
  /\b(?:169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|100\.100\.100\.200)\b|fd00:ec2::254/
const SECRET_WORDS = /(?:token|secret|passw|passwd|api_?-?key|credential|aws_|_key\b|\bkey\b|auth)/i

function reading(command: Command): string | undefined {
  const { name = '', cwd } = command
  const line = command.line
  if (waysOf(name).some(([, words]) => words.test(line))) return name
  if (METADATA.test(line) && !EXEMPT.has(name)) return `${name} of the cloud's metadata`
  if (
    /^(?:grep|rg|egrep|ag|awk|sed)$/.test(name) &&
    SECRET_WORDS.test(line) &&
    [...sourcesOf(command)].some(showsEnvironment)
  )
    return 'secrets of the environment'
  if (showsEnvironment(command) && redirectedTo(command).some((path) => !path.startsWith('/dev/')))
    return 'the whole environment'
  if (NETWORK.has(name) && [...sourcesOf(command)].some(showsEnvironment)) return 'the whole environment'
  const inputs = command.redirections
    .filter(({ operator }) => operator === '<' || operator === '<>')
    .map(({ target }) => target.shape)
  const path = pathIn([...operandsRead(command), ...inputs], cwd) ?? pathInCode(command)
  return path && `${name} ${path}`
}

const NETWORK = setOf('curl wget nc ncat netcat http https xh socat telnet mail sendmail ssh scp openssl')

const pathIn = (words: readonly string[], cwd: string): string | undefined =>
  words.map((word) => word.replace(/^(?:.*=@?|@|file:\/\/)(?=[/~.\w])/, '')).find((word) => isStore(resolve(cwd, word)))

/** What a glob in place of a store's name is most likely meant to find. */
const LIKELY = [
  '/etc/shadow',
  '~/.ssh/id_rsa',
  '~/.ssh/id_ed25519',
  '~/.aws/credentials',
  '~/.netrc',
  '/proc/self/environ',
]

function isStore(path: string): boolean {
  if (STORES.test(path)) return !path.endsWith('.pub')
  if (!/[?*[]/.test(path) || !/^[/~]/.test(path)) return false
  const pattern = globPattern(path)
  return (
    pattern !== undefined &&
    LIKELY.some((store) => pattern.test(store) && store.split('/').length === path.split('/').length)
  )
}

const OPENS = /(?:open|read\w*|Path|slurp|file_get_contents|cat)\s*\(?\s*(["'])([^"'\n]{1,200})\1/g

/** Such a file that the program of an interpreter opens. */
function pathInCode(command: Command): string | undefined {
  const { name = '', cwd } = command
  if (!isInterpreter(name)) return undefined
  const code = codeOf(name, command.shapes, command.input)?.slice(0, 20_000) ?? ''
  return pathIn(
    [...code.matchAll(OPENS)].map(([, , path = '']) => path),
    cwd,
  )
}

/** The operands that a command may show the contents of. */
function operandsRead(command: Command): string[] {
  const { name = '' } = command
  if (EXEMPT.has(name)) return []
  const shapes = command.shapes
  const first = /^(?:grep|egrep|rg|sed|awk|jq)$/.test(name) ? 2 : 1
  const reads = shapes.slice(first).filter((_, at) => !IDENTITY.has(shapes[at + first - 1] ?? ''))
  return /^(?:cp|mv|install|rsync)$/.test(name) ? reads.slice(0, -1) : reads
}

const showsEnvironment = ({ name, words }: Command): boolean =>
  name === 'printenv' || (/^(?:env|export|set|declare)$/.test(name ?? '') && words.length <= 2)

export const readsCredentials: Rule = {
  rule: 'shell_reads_credentials',
  message: 'A command would read keys, tokens or passwords.',
  remedy: 'Let a skill lease the secret where it is used, or wait for the review.',
  find: (commands) =>
    commands.flatMap((command): Find[] => {
      const what = reading(command)
      return what === undefined ? [] : [{ command, severity: 'HIGH', what: what.replaceAll('\0', '…').slice(0, 80) }]
    }),
}
