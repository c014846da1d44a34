import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { OidcSettings } from '@azora/identity'
import { startPlatform, type TestPlatform } from './platform.ts'

const PROVIDER = fileURLToPath(new URL('./oidc-provider-process.ts', import.meta.url))

/** A platform with a provider of OpenID Connect beside it, a process of its own. */
export interface FederatedPlatform {
  platform: TestPlatform
  issuer: string
  stop(): Promise<void>
}

export async function startFederated(): Promise<FederatedPlatform> {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const provider: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROVIDER, `${publicUrl}/sign-in/oidc/callback`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [line] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const issuer = line.toString().trim()
  const oidc: OidcSettings = { issuer, clientId: 'azora', clientSecret: 'a secret of this client' }
  const platform = await startPlatform(async () => ({ oidc, publicUrl }), port)
  return {
    platform,
    issuer,
    async stop() {
      provider.kill('SIGKILL')
      await platform.stop()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Keeps cookies by site and follows where it is sent, as a browser does. */
export function newBrowser() {
  const jar = new Map<string, Map<string, string>>()
  async function go(url: string, body?: URLSearchParams): Promise<{ url: string; text: string }> {
    const { host } = new URL(url)
    const cookies = jar.get(host) ?? new Map<string, string>()
    jar.set(host, cookies)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie }, ...(body && { method: 'POST', body }) })
    for (const text of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? []
      if (value === '' || /max-age=0/i.test(text)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    if (next !== null) return go(new URL(next, url).href)
    return { url, text: await answer.text() }
  }
  const cookieOf = (url: string): string =>
    [...(jar.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  return { go, cookieOf }
}

/** Signs in at the provider as somebody; answers where the browser ends up, and what it is signed in as there. */
export async function signInAtProvider(platform: TestPlatform, name: string, browser = newBrowser()) {
  const login = await browser.go(`${platform.url}/sign-in/oidc`)
  const consent = await browser.go(login.url, new URLSearchParams({ prompt: 'login', login: name, password: 'any' }))
  const end = consent.url.startsWith(platform.url)
    ? consent
    : await browser.go(consent.url, new URLSearchParams({ prompt: 'consent' }))
  const cookie = browser.cookieOf(platform.url)
  const me = await platform.call('GET', '/api/v1/session', { cookie })
  return {
    end: end.url.replace(platform.url, ''),
    cookie,
    me: (await me.json()) as Record<string, unknown>,
    status: me.status,
  }
}
