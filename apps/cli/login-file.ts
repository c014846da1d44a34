import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { PrincipalId } from '@azora/contracts'
import { z } from 'zod'
import { CliError, EXIT } from './exit.ts'
import { jsonIn } from './inputs.ts'

/** What `azora login` keeps: a session, and the only server that it is sent to. */
const Login = z.strictObject({ url: z.url(), principal: PrincipalId, token: z.string().min(1) })
export type Login = z.infer<typeof Login>

export const loginFile = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'azora', 'login.json')

/** Where somebody's private key for a server is (Ed25519, as PKCS #8 in PEM): it stays when the session ends. */
export const signingKeyFile = (env: NodeJS.ProcessEnv, { url, principal }: Pick<Login, 'url' | 'principal'>): string =>
  join(dirname(loginFile(env)), 'keys', `${encodeURIComponent(`${principal} at ${url}`)}.pem`)

/** Undefined when nobody is signed in. */
export async function readLogin(file: string): Promise<Login | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw unreadable(file, error.message)
  })
  if (text === undefined) return undefined
  const parsed = Login.safeParse(jsonIn(text))
  if (parsed.success) return parsed.data
  throw unreadable(file, 'it holds no sign-in')
}

/** Nobody else may read it, at no moment. */
export async function writeLogin(file: string, login: Login): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(fresh, file)
}

const unreadable = (file: string, why: string): CliError =>
  new CliError(EXIT.usage, 'login_unreadable', `${file} can't be used: ${why}`, 'Remove it, then azora login.')
