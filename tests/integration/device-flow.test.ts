import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceAuthorization } from '@azora/contracts'
import { createClient } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCli, lastJson, until } from '../support/cli.ts'
import { bearer } from '../support/doors.ts'
import { person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'
import { tempDir } from '../support/temp-dir.ts'

const home = tempDir('login')
let platform: TestPlatform
let owner: Record<string, string>
beforeAll(async () => {
  platform = await startPlatform()
  owner = bearer(platform.dataDir.ownerToken)
})
afterAll(async () => {
  await platform?.stop()
  home.remove()
})

const ask = async (): Promise<DeviceAuthorization> =>
  (await (
    await platform.call('POST', '/api/v1/device-authorizations', {}, { device: 'laptop' })
  ).json()) as DeviceAuthorization

async function take(device_code: string): Promise<{ status: number; code?: string; access_token?: string }> {
  const answer = await platform.call('POST', '/api/v1/device-tokens', {}, { device_code })
  return { ...((await answer.json()) as object), status: answer.status }
}

const decide = async (code: string, decision: string, who = owner): Promise<number> =>
  (await platform.call('POST', `/api/v1/device-authorizations/${code}`, who, { decision })).status

/** Past the time that a device has to wait. */
const waited = (): Promise<unknown> =>
  platform.database.db.query('update identity.device_grant set asked_token_at = null')

describe('a device', () => {
  it('acts for who approves it, once it is approved, with a token that is given once', async () => {
    const { id, keys } = person('user:carol')
    const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['reviewer'], keys })
    const carol = bearer(((await added.json()) as { token: string }).token)
    const { device_code, user_code } = await ask()
    expect(await take(device_code)).toMatchObject({ status: 400, code: 'authorization_pending' })
    expect(await take(device_code)).toMatchObject({ status: 400, code: 'slow_down' })
    const shown = await platform.call('GET', `/api/v1/device-authorizations/${user_code}`, carol)
    expect(await shown.json()).toMatchObject({ device: 'laptop', address: '127.0.0.1' })
    expect(await decide(user_code, 'approve', carol)).toBe(200)
    const { access_token = '' } = await take(device_code)
    const me = await createClient({ url: platform.url, token: access_token }).whoAmI()
    expect(me).toMatchObject({ principal: 'user:carol', roles: ['reviewer'], session: { method: 'device' } })
    expect(await take(device_code)).toMatchObject({ status: 400, code: 'expired_token' })
  })

  it('gets its token once, however often it asks at the same time', async () => {
    const { device_code, user_code } = await ask()
    await decide(user_code, 'approve')
    const all = await Promise.all(Array.from({ length: 6 }, () => take(device_code)))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  it('that is denied gets nothing, and the first decision counts', async () => {
    const { device_code, user_code } = await ask()
    expect(await decide(user_code, 'deny')).toBe(200)
    expect(await decide(user_code, 'approve')).toBe(404)
    expect(await take(device_code)).toMatchObject({ status: 403, code: 'access_denied' })
  })

  it('can’t wait for ever', async () => {
    const { device_code, user_code } = await ask()
    await platform.database.db.query("update identity.device_grant set expires_at = now() - interval '1 second'")
    expect(await decide(user_code, 'approve')).toBe(404)
    expect(await take(device_code)).toMatchObject({ code: 'expired_token' })
  })

  it('is approved by people in person: by no stranger, no node and no short-lived token', async () => {
    const { device_code, user_code } = await ask()
    const issued = await createClient({ url: platform.url, token: platform.dataDir.ownerToken }).accessToken()
    expect(await decide(user_code, 'approve', {})).toBe(401)
    expect(await decide(user_code, 'approve', bearer(platform.dataDir.nodeToken))).toBe(403)
    expect(await decide(user_code, 'approve', bearer(issued.access_token))).toBe(403)
    await waited()
    expect(await take(device_code)).toMatchObject({ code: 'authorization_pending' })
  })

  it('is not found by guessing', async () => {
    const letters = 'BCDFGHJKLMNPQRSTVWXZ'
    const statuses = new Set<number>()
    for (let n = 0; n < 30; n += 1) statuses.add(await decide(`BBBB-BBB${letters[n % 20]}`, 'approve'))
    expect([...statuses].sort()).toEqual([404, 429])
    const failed = (await platform.journaled()).filter(({ header }) => header.kind === 'sign_in.failed')
    expect(failed.length).toBeGreaterThan(0)
  })
})

it('azora login asks, acts for who approves, keeps it for itself alone, and azora logout ends it', async () => {
  const nowhere = createCli(join(home.path, 'none'), { XDG_CONFIG_HOME: home.path })
  const { id, keys } = person('user:dave')
  const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['reviewer'], keys })
  const { token } = (await added.json()) as { token: string }
  const login = nowhere.start('login', '--server', platform.url)
  let shown = ''
  login.child.stdout?.on('data', (chunk) => {
    shown += chunk
  })
  await until(() => /approve-device \S+/.test(shown), 60_000, 'the code')
  const code = /approve-device (\S+)/.exec(shown)?.[1] ?? ''
  const approved = await nowhere.run(
    'identity',
    'approve-device',
    code,
    '--yes',
    '--url',
    platform.url,
    '--token',
    token,
  )
  expect(approved).toMatchObject({ code: 0 })
  expect(await login.finished).toMatchObject({ code: 0, stdout: expect.stringContaining('as user:dave') })
  const file = join(home.path, 'azora', 'login.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { token: string }
  expect(kept.token).not.toBe(token)
  expect(lastJson(await nowhere.run('identity', 'whoami', '--json'))).toMatchObject({ principal: 'user:dave' })
  // It goes to that server only.
  expect(await nowhere.run('identity', 'whoami', '--url', 'http://127.0.0.1:9')).toMatchObject({ code: 4 })
  expect(await nowhere.run('logout')).toMatchObject({ code: 0 })
  expect((await platform.call('GET', '/api/v1/session', bearer(kept.token))).status).toBe(401)
  expect(await nowhere.run('identity', 'whoami')).toMatchObject({ code: 3 })
})
