import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { promisify } from 'node:util'
import { createClient } from '@azora/sdk/client'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer } from '../support/doors.ts'
import { chromiumOfMachine } from '../support/machine.ts'
import { person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'
import { tempDir } from '../support/temp-dir.ts'

let platform: TestPlatform
let owner: Record<string, string>
beforeAll(async () => {
  platform = await startPlatform()
  owner = bearer(platform.dataDir.ownerToken)
})
afterAll(() => platform?.stop())

async function addPerson(name: string): Promise<Record<string, string>> {
  const { id, keys } = person(`user:${name}`)
  const answer = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['reviewer'], keys })
  expect(answer.status).toBe(201)
  return bearer(((await answer.json()) as { token: string }).token)
}

async function linkFor(who: Record<string, string>): Promise<string> {
  const answer = await platform.call('POST', '/api/v1/sign-in-links', who)
  expect(answer.status).toBe(201)
  return new URL(((await answer.json()) as { url: string }).url).hash.replace('#code=', '')
}

interface Browser {
  sessionId: string
  cookie: string
  /** Everything that the page sends. */
  page: Record<string, string>
  setCookie: string
}

async function signIn(who: Record<string, string>): Promise<Browser> {
  const answer = await platform.call('POST', '/api/v1/session', {}, { code: await linkFor(who) })
  expect(answer.status).toBe(201)
  const setCookie = answer.headers.get('set-cookie') ?? ''
  const cookie = setCookie.split(';')[0] ?? ''
  const { session, csrfToken } = (await answer.json()) as { session: { sessionId: string }; csrfToken: string }
  return { sessionId: session.sessionId, cookie, setCookie, page: { cookie, 'x-azora-csrf': csrfToken } }
}

const status = async (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<number> =>
  (await platform.call(method, path, headers, body)).status

const tokenOf = async (who: Record<string, string>, body: object = {}): Promise<string> =>
  ((await (await platform.call('POST', '/api/v1/tokens', who, body)).json()) as { access_token: string }).access_token

const chromium = chromiumOfMachine()

describe.skipIf(!chromium)(`the page${chromium ? '' : ' (skipped: no Chromium in PATH)'}`, () => {
  const profile = tempDir('profile')
  afterAll(() => profile.remove())
  /** What a browser shows, as HTML. */
  async function shown(hash: string): Promise<string> {
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--virtual-time-budget=10000',
    ]
    const url = `${platform.url}/sign-in#${hash}`
    const all = [...flags, `--user-data-dir=${profile.path}`, '--dump-dom', url]
    const { stdout } = await promisify(execFile)(chromium as string, all, { timeout: 120_000 })
    return stdout.split('<script>')[0] ?? ''
  }

  it('says who somebody is whose link signs them in, and that a used one does not', async () => {
    const hash = `code=${await linkFor(await addPerson('paula'))}`
    expect(await shown(hash)).toContain('You are signed in as user:paula (reviewer).')
    await platform.database.db.query("update identity.session set ended_at = now() where principal = 'user:paula'")
    const again = await shown(hash)
    expect(again).toContain('The link was used, is too old or never was. Make a new one: azora login --link')
    expect(again).toContain('You are not signed in.')
  })
})

describe('a link', () => {
  it('signs in once, and nobody else', async () => {
    const code = await linkFor(await addPerson('linked'))
    expect(await status('POST', '/api/v1/session', {}, { code })).toBe(201)
    expect(await status('POST', '/api/v1/session', {}, { code })).toBe(401)
  })

  it('is taken by one of many who open it at the same time', async () => {
    const code = await linkFor(owner)
    const all = await Promise.all(Array.from({ length: 8 }, () => status('POST', '/api/v1/session', {}, { code })))
    expect(all.filter((one) => one === 201)).toHaveLength(1)
  })

  it('is not taken from another site', async () => {
    const code = await linkFor(owner)
    expect(await status('POST', '/api/v1/session', { origin: 'https://evil.example' }, { code })).toBe(403)
    expect(await status('POST', '/api/v1/session', { origin: platform.url }, { code })).toBe(201)
  })
})

describe('a session', () => {
  it('comes in a cookie that no script and no other site has', async () => {
    const { setCookie } = await signIn(owner)
    expect(setCookie).toMatch(/; HttpOnly/)
    expect(setCookie).toMatch(/; SameSite=Strict/)
  })

  it('reads with the cookie alone, and changes with the token of the page only', async () => {
    const { cookie, page } = await signIn(owner)
    expect(await status('GET', '/api/v1/status', { cookie })).toBe(200)
    const answer = await platform.call('POST', '/api/v1/sign-in-links', { cookie })
    expect(await answer.json()).toMatchObject({ status: 403, code: 'csrf_token_invalid' })
    const other = await signIn(owner)
    expect(
      await status('POST', '/api/v1/sign-in-links', { cookie, 'x-azora-csrf': other.page['x-azora-csrf'] ?? '' }),
    ).toBe(403)
    expect(await status('POST', '/api/v1/sign-in-links', page)).toBe(201)
  })

  it.each([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'http://127.0.0.1:1' }])(
    'is not used by another site: %j',
    async (headers) => {
      const { page } = await signIn(owner)
      expect(await status('GET', '/api/v1/status', { ...page, ...headers })).toBe(403)
    },
  )

  it('is no more than who it is for', async () => {
    const { page } = await signIn(await addPerson('small'))
    expect(await status('GET', '/api/v1/reviews', page)).toBe(200)
    expect(await status('GET', '/api/v1/status', page)).toBe(403)
    expect(await status('POST', '/api/v1/sessions/end', page, { principal: 'user:owner' })).toBe(403)
    const { sessionId } = await signIn(owner)
    expect(await status('DELETE', `/api/v1/sessions/${sessionId}`, page)).toBe(403)
    const { items } = (await (await platform.call('GET', '/api/v1/sessions', page)).json()) as {
      items: Array<{ principal: string }>
    }
    expect(new Set(items.map(({ principal }) => principal))).toEqual(new Set(['user:small']))
  })

  it('ends when it is signed out, ended by its owner, everywhere, or with its principal', async () => {
    const who = await addPerson('ending')
    const [out, ended, other, last] = [await signIn(who), await signIn(who), await signIn(who), await signIn(who)]
    expect(await status('DELETE', '/api/v1/session', out.page)).toBe(204)
    expect(await status('GET', '/api/v1/session', out.page)).toBe(401)
    expect(await status('DELETE', `/api/v1/sessions/${ended.sessionId}`, owner)).toBe(204)
    expect(await status('GET', '/api/v1/session', ended.page)).toBe(401)
    const unused = await linkFor(who)
    const jwt = bearer(await tokenOf(other.page))
    expect(await status('GET', '/api/v1/session', jwt)).toBe(200)
    expect(await (await platform.call('POST', '/api/v1/sessions/end', other.page, {})).json()).toEqual({ ended: 2 })
    for (const gone of [other.page, last.page, jwt]) expect(await status('GET', '/api/v1/session', gone)).toBe(401)
    expect(await status('POST', '/api/v1/session', {}, { code: unused })).toBe(401)
    const again = await signIn(who)
    expect(await status('DELETE', '/api/v1/principals/user:ending', owner)).toBe(204)
    expect(await status('GET', '/api/v1/session', again.page)).toBe(401)
    // Somebody else of the same name is somebody else.
    await addPerson('ending')
    expect(await status('GET', '/api/v1/session', again.page)).toBe(401)
  })

  it.each([
    ['idle', "used_at = now() - interval '9 hours'"],
    ['old', "expires_at = now() - interval '1 second'"],
  ])('ends when it is %s', async (_why, change) => {
    const { sessionId, page } = await signIn(owner)
    expect(await status('GET', '/api/v1/session', page)).toBe(200)
    await platform.database.db.query(`update identity.session set ${change} where session_id = $1`, [sessionId])
    expect(await status('GET', '/api/v1/session', page)).toBe(401)
  })
})

describe('a short-lived token', () => {
  const jwks = () => createRemoteJWKSet(new URL(`${platform.url}/.well-known/jwks.json`))

  it('is checked by others with the published keys', async () => {
    const token = await tokenOf(owner, { audience: 'reports', seconds: 60 })
    const { payload, protectedHeader } = await jwtVerify(token, jwks(), { issuer: platform.url, audience: 'reports' })
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
    expect(payload).toMatchObject({ sub: 'user:owner', tenant: 'default', roles: ['owner'] })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60)
    // What was meant for others opens nothing here.
    expect(await status('GET', '/api/v1/session', bearer(token))).toBe(401)
  })

  it('opens what its principal may, until that is gone, and gets nothing that lives longer', async () => {
    const who = await addPerson('brief')
    const jwt = bearer(await tokenOf(who))
    expect(await status('GET', '/api/v1/reviews', jwt)).toBe(200)
    expect(await status('GET', '/api/v1/status', jwt)).toBe(403)
    expect(await status('POST', '/api/v1/tokens', jwt, {})).toBe(403)
    expect(await status('POST', '/api/v1/sign-in-links', jwt)).toBe(403)
    const { id, keys } = person('user:longer')
    const added = await platform.call('POST', '/api/v1/principals', bearer(await tokenOf(owner)), {
      ...{ id, keys, roles: ['viewer'] },
    })
    expect(await added.json()).toMatchObject({ status: 403, code: 'credential_too_short_lived' })
    expect(await status('DELETE', '/api/v1/principals/user:brief', owner)).toBe(204)
    expect(await status('GET', '/api/v1/reviews', jwt)).toBe(401)
  })

  it('that was not signed here, or says otherwise, is refused', async () => {
    const token = await tokenOf(owner)
    const [head = '', body = '', signature = ''] = token.split('.')
    const claims = decodeJwt(token)
    const { kid = '' } = decodeProtectedHeader(token)
    const { privateKey } = generateKeyPairSync('ed25519')
    const resigned = (header: object, change: object = {}) =>
      new SignJWT({ ...claims, ...change })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header })
        .sign(privateKey)
    const hmac = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
      .sign(Buffer.from(kid.padEnd(32)))
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forged = [
      new UnsecuredJWT(claims).encode(),
      await resigned({ kid }),
      await resigned({ kid: 'other' }),
      await hmac,
      `${head}.${encoded({ ...claims, exp: (claims.exp ?? 0) + 9_999 })}.${signature}`,
      `${encoded({ alg: 'EdDSA', kid, typ: 'JWT' })}.${body}.${signature}`,
      `${head}.${body}.`,
    ]
    for (const one of forged) expect(await status('GET', '/api/v1/session', bearer(one))).toBe(401)
    expect(await status('GET', '/api/v1/session', bearer(token))).toBe(200)
  })

  it('outlives a planned rotation of its key, but not one that is urgent', async () => {
    const before = await tokenOf(owner)
    await platform.call('POST', '/api/v1/sign-in-keys/rotate', owner, {})
    const set = (await (await platform.call('GET', '/.well-known/jwks.json')).json()) as { keys: unknown[] }
    expect(set.keys).toHaveLength(2)
    // The new key is published, and signs when all who cached the old set have it.
    expect(decodeProtectedHeader(await tokenOf(owner)).kid).toBe(decodeProtectedHeader(before).kid)
    expect(await status('GET', '/api/v1/session', bearer(before))).toBe(200)
    await platform.call('POST', '/api/v1/sign-in-keys/rotate', owner, { now: true })
    expect(await status('GET', '/api/v1/session', bearer(before))).toBe(401)
    const after = await tokenOf(owner)
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid)
    expect(await status('GET', '/api/v1/session', bearer(after))).toBe(200)
  })
})

describe('the journal', () => {
  it('has who came in, how it ended and who was kept out, and no secret', async () => {
    const who = await addPerson('recorded')
    const { page } = await signIn(who)
    await platform.call('DELETE', '/api/v1/session', page)
    const entries = await platform.journaled()
    const kinds = entries.map(({ header }) => header.kind)
    expect(kinds).toEqual(
      expect.arrayContaining(['session.started', 'session.ended', 'sign_in.failed', 'sign_in.key_rotated']),
    )
    expect(
      entries.find(({ header }) => header.kind === 'session.started' && header.actor === 'user:recorded')?.payload,
    ).toMatchObject({
      principal: 'user:recorded',
      method: 'link',
    })
    expect(JSON.stringify(entries)).not.toMatch(/az[sol]_[A-Za-z0-9_-]{43}/)
  })

  it('does not grow with failures: they are counted, and slowed down', async () => {
    const before = (await platform.journaled()).length
    const answers = new Set<number>()
    for (let n = 0; n < 40; n += 1)
      answers.add(await status('POST', '/api/v1/session', {}, { code: `azl_${'A'.repeat(43)}` }))
    expect([...answers].sort()).toEqual([401, 429])
    expect((await platform.journaled()).length - before).toBeLessThanOrEqual(5)
  })
})

it('the client does the same', async () => {
  const client = createClient({ url: platform.url, token: platform.dataDir.ownerToken })
  expect(await client.whoAmI()).toMatchObject({ principal: 'user:owner' })
  expect((await client.signInLink()).url).toContain('/sign-in#code=')
  expect((await client.accessToken()).expires_in).toBe(600)
  expect((await client.sessions()).length).toBeGreaterThan(0)
  expect((await client.endSessions()).ended).toBeGreaterThan(0)
  expect((await client.rotateSignInKey()).keys.length).toBeGreaterThan(1)
})

describe('rights', () => {
  const can = async (who: Record<string, string>, id: string, action: string): Promise<[number, unknown]> => {
    const answer = await platform.call('GET', `/api/v1/principals/${id}/can?action=${action}`, who)
    return [answer.status, await answer.json()]
  }

  it('are explained to oneself, and about others to who may read them', async () => {
    const rita = await addPerson('rita')
    expect(await can(rita, 'user:rita', 'review.decide')).toEqual([
      200,
      {
        principal: 'user:rita',
        roles: ['reviewer'],
        action: 'review.decide',
        allowed: true,
        policies: [{ id: 'review_decide', says: expect.stringMatching(/reviewers/) }],
        rolesThatMay: ['owner', 'reviewer'],
      },
    ])
    expect(await can(owner, 'user:rita', 'secret.put')).toEqual([
      200,
      expect.objectContaining({ allowed: false, policies: [], rolesThatMay: ['owner', 'admin'] }),
    ])
    expect(await can(rita, 'user:owner', 'secret.put')).toEqual([403, expect.objectContaining({ code: 'forbidden' })])
  })

  it.each([
    ['somebody who is not there', 'user:nobody-here', 'run.read', 404, 'principal_not_found'],
    ['a right that there is not', 'user:owner', 'run.fly', 400, 'invalid_request'],
    ['no right', 'user:owner', '', 400, 'invalid_request'],
    ['a name that is none', 'owner', 'run.read', 400, 'invalid_request'],
  ])('of %s are a problem', async (_what, id, action, status, code) => {
    expect(await can(owner, id, action)).toEqual([status, expect.objectContaining({ code })])
  })

  it('of roles are shown to everybody who is signed in, as they are decided', async () => {
    const answer = await platform.call('GET', '/api/v1/roles', await addPerson('rolf'))
    const { items } = (await answer.json()) as { items: Array<{ role: string; actions: string[] }> }
    const actionsOf = Object.fromEntries(items.map(({ role, actions }) => [role, actions]))
    expect(Object.keys(actionsOf)).toEqual(expect.arrayContaining(['owner', 'admin', 'reviewer', 'viewer', 'node']))
    expect(actionsOf.reviewer).toContain('review.decide')
    expect(actionsOf.admin).not.toContain('review.decide')
    expect(actionsOf.node).toContain('node.connect')
    expect(actionsOf.owner).not.toContain('node.connect')
    expect((await platform.call('GET', '/api/v1/roles')).status).toBe(401)
  })
})
