import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer } from '../support/doors.ts'
import { type FederatedPlatform, newBrowser, signInAtProvider, startFederated } from '../support/federated.ts'
import { person } from '../support/people.ts'
import type { TestPlatform } from '../support/platform.ts'

let federated: FederatedPlatform
let platform: TestPlatform
let owner: Record<string, string>

beforeAll(async () => {
  federated = await startFederated()
  platform = federated.platform
  owner = bearer(platform.dataDir.ownerToken)
})
afterAll(() => federated?.stop())

const signIn = (name: string) => signInAtProvider(platform, name)

async function addPerson(name: string, role = 'reviewer'): Promise<void> {
  const { id, keys } = person(`user:${name}`)
  expect((await platform.call('POST', '/api/v1/principals', owner, { id, roles: [role], keys })).status).toBe(201)
}
const link = (name: string, email: string) =>
  platform.call('POST', `/api/v1/principals/user:${name}/link`, owner, { email })

describe('signing in at a provider', () => {
  it('is told to the page, and begins with PKCE, a state and a nonce', async () => {
    const methods = (await (await platform.call('GET', '/api/v1/sign-in-methods', {})).json()) as object
    expect(methods).toMatchObject({ oidc: { url: '/sign-in/oidc' } })
    const begun = await fetch(`${platform.url}/sign-in/oidc`, { redirect: 'manual' })
    expect(begun.status).toBe(302)
    expect(begun.headers.get('set-cookie')).toMatch(/azora-oidc=azt_.*HttpOnly.*SameSite=Lax/)
    const url = new URL(begun.headers.get('location') ?? '')
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(url.searchParams.get(name)?.length).toBeGreaterThan(20)
  })

  it('signs in whom the owner has linked, by a verified address first and by who they are from then on', async () => {
    await addPerson('alice')
    expect(await (await link('alice', 'Alice@Example.org')).json()).toMatchObject({
      email: 'alice@example.org',
      used: false,
    })
    const first = await signIn('alice')
    expect(first).toMatchObject({
      end: '/sign-in',
      status: 200,
      me: { principal: 'user:alice', session: { method: 'oidc' } },
    })
    expect(await signIn('alice')).toMatchObject({ me: { principal: 'user:alice' } })
    // Another account that has the address now is somebody else.
    expect(await signIn('alice+2')).toMatchObject({ end: '/sign-in#error=oidc_unknown', status: 401 })
    const { items } = (await (await platform.call('GET', '/api/v1/principal-links', owner)).json()) as {
      items: object[]
    }
    expect(items).toContainEqual(expect.objectContaining({ principal: 'user:alice', used: true }))
  })

  it('signs in nobody who is not linked, or whose address is not verified', async () => {
    await addPerson('bob')
    expect(await signIn('nobody')).toMatchObject({ end: '/sign-in#error=oidc_unknown', status: 401 })
    await link('bob', 'bob@example.org')
    expect(await signIn('bob?')).toMatchObject({ end: '/sign-in#error=oidc_unknown', status: 401 })
    expect(await signIn('bob')).toMatchObject({ me: { principal: 'user:bob' } })
  })

  it('ends at once with the link, and with the principal', async () => {
    await addPerson('carol')
    await link('carol', 'carol@example.org')
    const { cookie } = await signIn('carol')
    const isIn = async (): Promise<number> => (await platform.call('GET', '/api/v1/session', { cookie })).status
    expect(await isIn()).toBe(200)
    expect((await platform.call('DELETE', '/api/v1/principals/user:carol/link', owner)).status).toBe(204)
    expect(await isIn()).toBe(401)
    expect((await platform.call('DELETE', '/api/v1/principals/user:carol/link', owner)).status).toBe(404)
    await link('carol', 'carol@example.org')
    expect((await platform.call('DELETE', '/api/v1/principals/user:carol', owner)).status).toBe(204)
    expect(await signIn('carol')).toMatchObject({ end: '/sign-in#error=oidc_unknown' })
    // Whoever gets the name next is not whom it was linked with.
    await addPerson('carol')
    expect(await signIn('carol')).toMatchObject({ end: '/sign-in#error=oidc_unknown' })
  })

  it('is finished by the browser that began it, once, and with the state that it was given', async () => {
    const one = newBrowser()
    const begun = await fetch(`${platform.url}/sign-in/oidc`, { redirect: 'manual' })
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state')
    const without = await one.go(`${platform.url}/sign-in/oidc/callback?code=any&state=${state}`)
    expect(without.url).toMatch(/#error=oidc_refused$/)
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? ''
    const end = async (query: string): Promise<string | null> =>
      (
        await fetch(`${platform.url}/sign-in/oidc/callback?${query}`, { redirect: 'manual', headers: { cookie } })
      ).headers.get('location')
    expect(await end('code=any&state=another')).toBe('/sign-in#error=oidc_refused')
    // The attempt is used up, also by one that failed.
    expect(await end(`code=any&state=${state}`)).toBe('/sign-in#error=oidc_refused')
  })

  it('links an address with one principal only, and people who are there', async () => {
    await addPerson('dave')
    expect(await (await link('dave', 'alice@example.org')).json()).toMatchObject({ code: 'link_taken' })
    const linked = (await platform.journaled()).filter(({ header }) => header.kind === 'sign_in.linked')
    expect(linked.map(({ payload }) => payload)).not.toContainEqual(expect.objectContaining({ principal: 'user:dave' }))
    expect(await (await link('erin', 'erin@example.org')).json()).toMatchObject({ code: 'principal_not_found' })
    expect(await (await link('dave', 'no address')).json()).toMatchObject({ code: 'invalid_request' })
  })

  it('is given to others by those only who may do what they may', async () => {
    const { id, keys } = person('user:boss')
    const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['admin'], keys })
    const admin = bearer(((await added.json()) as { token: string }).token)
    const as = (who: string) =>
      platform.call('POST', `/api/v1/principals/${who}/link`, admin, { email: 'boss@example.org' })
    expect(await (await as('user:owner')).json()).toMatchObject({ status: 403 })
    // Admins decide no reviews, so they make nobody a reviewer.
    expect(await (await as('user:dave')).json()).toMatchObject({ status: 403 })
    await addPerson('viewer', 'viewer')
    expect(await (await as('user:viewer')).json()).toMatchObject({ principal: 'user:viewer' })
    expect((await platform.call('GET', '/api/v1/principal-links', bearer('azo_nobody'))).status).toBe(401)
  })
})
