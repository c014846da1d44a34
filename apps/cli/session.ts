import {
  type Client,
  createClient,
  dataDirectory,
  journalKey,
  localServer,
  ownerToken,
  UnreachableError,
} from '@azora/sdk/client'
import { CliError, EXIT } from './exit.ts'
import { type Login, loginFile, readLogin } from './login-file.ts'
import type { Screen } from './output/screen.ts'
import { loginSigner, ownerSigner, readIdentity, type SigningIdentity, signerOf } from './signing.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  json?: boolean
  url?: string
  token?: string
  data?: string
  identity?: string
}

export interface Session {
  readonly screen: Screen
  readonly env: NodeJS.ProcessEnv
  readonly dataDir: string
  /** Set when a server was named; undefined means the local instance. */
  readonly remoteUrl: string | undefined
  /** @param named what was said beside `--url`. Rejects when no server is known. */
  serverUrl(named: string | undefined): Promise<string>
  /** Rejects when no server runs or no token is known. */
  client(): Promise<Client>
  /** The sign-in that commands act with; undefined when they act with something else. */
  login(): Promise<Login | undefined>
  /**
   * Who signs what is decided: the one of the identity file, else whoever is signed in, else the local owner. Rejects when
   * there is none.
   */
  signer(): Promise<SigningIdentity>
  /** Key of the local journal, to check evidence with; undefined for a remote server. */
  trustedKey(): Promise<string | undefined>
}

export function createSession(options: GlobalOptions, env: NodeJS.ProcessEnv, screen: Screen): Session {
  const dataDir = dataDirectory(options.data === undefined ? env : { ...env, AZORA_DATA_DIR: options.data })
  const remoteUrl = options.url ?? (env.AZORA_URL || undefined)
  const identityFile = options.identity ?? (env.AZORA_IDENTITY || undefined)
  const givenToken = async (): Promise<string | undefined> => {
    if (options.token !== undefined || identityFile === undefined)
      return options.token ?? (env.AZORA_TOKEN || undefined)
    return (await readIdentity(identityFile)).token
  }
  const login = async (): Promise<Login | undefined> =>
    (await givenToken()) === undefined ? loginFor(remoteUrl, dataDir, env) : undefined
  return {
    screen,
    env,
    dataDir,
    remoteUrl,
    async serverUrl(named) {
      const url = named ?? remoteUrl ?? (await localServer(dataDir))?.url
      if (url !== undefined) return new URL(requireHttp(url)).origin
      throw new CliError(
        EXIT.usage,
        'usage',
        'no server is known',
        'Start one with ./azora up, or name one with --url.',
      )
    },
    login,
    async client() {
      const token = await givenToken()
      const signedIn = await login()
      if (signedIn) return createClient(signedIn)
      return remoteUrl === undefined ? localClient(dataDir, token) : remoteClient(remoteUrl, token, dataDir)
    },
    async signer() {
      if (identityFile !== undefined) return signerOf(await readIdentity(identityFile))
      const signedIn = await login()
      return signedIn ? loginSigner(env, signedIn) : ownerSigner(dataDir)
    },
    trustedKey: async () => ((await isLocal(remoteUrl, dataDir)) ? journalKey(dataDir) : undefined),
  }
}

/** True for the local instance, also when it was named by its URL. */
async function isLocal(url: string | undefined, dataDir: string): Promise<boolean> {
  if (url === undefined) return true
  const server = await localServer(dataDir)
  return server !== undefined && URL.canParse(url) && new URL(server.url).origin === new URL(url).origin
}

/** What `azora login` keeps, if that is for the server that is meant; the one on this machine needs no sign-in. */
async function loginFor(url: string | undefined, dataDir: string, env: NodeJS.ProcessEnv) {
  if (await isLocal(url, dataDir)) {
    if (url !== undefined || (await localServer(dataDir)) !== undefined) return undefined
  }
  const login = await readLogin(loginFile(env))
  const isMeant = url === undefined || (URL.canParse(url) && new URL(url).origin === login?.url)
  return isMeant ? login : undefined
}

function requireHttp(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw new CliError(EXIT.usage, 'usage', `${url} is not an http(s) URL`, 'Write it like http://127.0.0.1:7420.')
}

async function localClient(dataDir: string, givenToken: string | undefined): Promise<Client> {
  if ((await localServer(dataDir)) === undefined) {
    const remedy = 'Start it with ./azora up, or name a server with --url and sign in with azora login.'
    throw new CliError(EXIT.unreachable, 'not_running', `no Azora server runs in ${dataDir}`, remedy)
  }
  const token = givenToken ?? (await readableToken(dataDir))
  // A server that restarts may come back on another port.
  const url = async (): Promise<string> => {
    const server = await localServer(dataDir)
    if (server) return server.url
    throw new UnreachableError(`the server in ${dataDir}`, 'it is not running')
  }
  return createClient({ url, token })
}

async function remoteClient(url: string, givenToken: string | undefined, dataDir: string): Promise<Client> {
  requireHttp(url)
  // The owner's token opens everything here, so it never goes to another server.
  const token = givenToken ?? ((await isLocal(url, dataDir)) ? await readableToken(dataDir) : undefined)
  if (token === undefined) {
    throw new CliError(
      EXIT.unauthorized,
      'no_token',
      `no token for ${url}`,
      'Sign in with azora login, or give one with --token or AZORA_TOKEN.',
    )
  }
  return createClient({ url, token })
}

async function readableToken(dataDir: string): Promise<string> {
  const token = await ownerToken(dataDir).catch(() => undefined)
  if (token !== undefined) return token
  const remedy = 'Run the command as the user who started the server, or give a token with --token.'
  throw new CliError(EXIT.unauthorized, 'no_token', `the owner's token in ${dataDir} can't be read`, remedy)
}
