import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createLocalKeyWrap, readLines, silentLog, systemClock } from '@azora/base'
import { createIdentity, createToken } from '@azora/identity'
import type { Journal } from '@azora/journal'
import { createWebhooks, type Webhooks } from '@azora/webhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli } from '../../apps/cli/testing/run-cli.ts'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { originOf } from '../../apps/server/http/origin.ts'
import { webhookRoutes } from '../../apps/server/http/routes/webhooks.ts'
import { ROOT } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { byBearer } from '../support/doors.ts'
import { openJournal } from '../support/journal.ts'
import { tempDir } from '../support/temp-dir.ts'
import { aRun } from '../support/webhooks.ts'

const folder = tempDir('webhooks')
const token = createToken()
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let webhooks: Webhooks
let app: App
let receiver: ChildProcess | undefined

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  const deps = { db: database.db, clock: systemClock, log: silentLog }
  const identity = await createIdentity(deps)
  await identity.assign(token, { id: 'user:owner', tenant: 'default', roles: ['owner'], keys: [] })
  journal = await openJournal(database.db)
  const keyWrap = createLocalKeyWrap(randomBytes(32))
  webhooks = await createWebhooks({ ...deps, journal, keyWrap, allowedHosts: ['127.0.0.1'] })
  app = await createApp({ resolve: byBearer(identity), origin: () => '', log: silentLog })
  webhookRoutes(app, webhooks)
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  receiver?.kill()
  await app.close()
  await webhooks.stop()
  await journal.close()
  await database.close()
  await postgres.stop()
  folder.remove()
})

const azora = async (...args: string[]) => {
  const { exit, stdout, stderr } = await cli('webhook', ...args, '--json', '--url', originOf(app), '--token', token)
  return { exit, said: JSON.parse(stdout || stderr) }
}

/** The receiver of the guide, as whoever reads it would start it. Answers what it prints. */
async function startGuideReceiver(port: number, secret: string): Promise<string[]> {
  const guide = readFileSync(join(ROOT, 'docs/guides/webhooks.md'), 'utf8')
  const program = join(folder.path, 'receiver.mjs')
  writeFileSync(program, /```js\n(.*?)```/s.exec(guide)?.[1] ?? '')
  const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret }
  receiver = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  if (receiver.stdout) readLines(receiver.stdout, 10_000, (line) => lines.push(line))
  await expect.poll(() => lines, { timeout: 10_000 }).toContain(`listening ${port}`)
  return lines
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('what the guide says is true: made, verified, sent again, rotated and removed on the command line', async () => {
  const port = await freePort()
  const made = await azora('create', 'local', `http://127.0.0.1:${port}/`, '--event', 'run.failed')
  expect(made).toMatchObject({ exit: 0, said: { webhook: { name: 'local', state: 'active', events: ['run.failed'] } } })
  const lines = await startGuideReceiver(port, made.said.secret)
  expect(await azora('test', 'local')).toMatchObject({ exit: 0, said: { delivered: true, status: 204 } })

  const run = await aRun(journal)
  await expect.poll(() => lines, { timeout: 10_000 }).toContain(`azora.run.failed ${run}`)
  const { said } = await azora('deliveries', 'local', '--state', 'delivered')
  expect(said.items).toMatchObject([{ type: 'run.failed', run, attempts: 1, last: { status: 204 } }])
  expect(await azora('replay', 'local', '--event', said.items[0].eventId)).toMatchObject({ exit: 0 })
  expect(await azora('replay', 'local', '--event', 'azora/test/999')).toMatchObject({
    said: { error: { code: 'webhook_event_not_found' } },
  })
  expect(await azora('pause', 'local')).toMatchObject({ said: { state: 'paused' } })
  expect(await azora('resume', 'local')).toMatchObject({ said: { state: 'active' } })
  expect((await azora('update', 'local', '--to', `http://127.0.0.1:${port}/hook`)).said).toMatchObject({
    events: ['run.failed'],
  })

  const rotated = await azora('rotate', 'local', '--now')
  expect(rotated.said.secret).not.toBe(made.said.secret)
  // The receiver knows the old one only.
  expect(await azora('test', 'local')).toMatchObject({ exit: 1, said: { delivered: false, status: 401 } })
  expect(JSON.stringify((await azora('list')).said)).not.toContain('whsec_')
  expect(await azora('remove', 'local')).toMatchObject({ exit: 0, said: { removed: 'local' } })
  expect(await azora('show', 'local')).toMatchObject({ said: { error: { code: 'webhook_not_found' } } })
  expect(lines.filter((line) => line.includes(run))).toHaveLength(1)
})
