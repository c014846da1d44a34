import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { interruption } from '../../interruption.ts'
import { startManagedServer } from '../../launch/managed-server.ts'
import { createScreen } from '../../output/screen.ts'
import { createSession } from '../../session.ts'
import { RUN } from '../../testing/log.ts'
import { stewardRun } from '../../testing/steward-run.ts'
import { runDemo } from './demo.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azora-demo-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

/** Accepts a run, sends its first entries, and is killed. */
const KILLED = `
import { createServer } from 'node:http'
import { readFileSync, writeFileSync } from 'node:fs'
const dataDir = process.argv[process.argv.indexOf('--data') + 1]
const entries = JSON.parse(readFileSync(dataDir + '/entries.json', 'utf8'))
const server = createServer((request, response) => {
  if (!request.url.endsWith('/events')) {
    return response.end(JSON.stringify(request.url === '/healthz' ? { status: 'ok' } : { runId: '${RUN}', state: 'scheduled' }))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const text = entries.map((entry) => 'data: ' + JSON.stringify(entry) + '\\n\\n').join('')
  response.write(text, () => process.kill(process.pid, 'SIGKILL'))
}).listen(0, '127.0.0.1', () => {
  const url = 'http://127.0.0.1:' + server.address().port
  writeFileSync(dataDir + '/server.json', JSON.stringify({ pid: process.pid, url, version: '0', startedAt: '' }))
})`

test('when its own server dies it says so, and how to go on', async () => {
  await writeFile(join(dataDir, 'entries.json'), JSON.stringify(stewardRun().entries))
  await writeFile(join(dataDir, 'owner.token'), 'token')
  const program = join(dataDir, 'program.mjs')
  await writeFile(program, KILLED)
  const env = { AZORA_DATA_DIR: dataDir }
  const stdout = new PassThrough()
  const session = createSession({}, env, createScreen({ stdout, stderr: new PassThrough(), env, json: false }))
  const own = startManagedServer({ dataDir, port: 0, env, onStage: () => {}, program })
  const interrupt = interruption()
  try {
    const { url } = await own.ready(interrupt.signal)
    const target = { repository: '/r', input: { repository: '/r' }, scope: { read: [], write: [], hosts: [] } }
    const demo = runDemo({ session, server: { url, own }, interrupt, startedAtMs: 0 }, target)
    await expect(demo).rejects.toMatchObject({
      exit: 3,
      code: 'server_died',
      message: `the server was ended by SIGKILL during run ${RUN}`,
      remedy: `Nothing is lost. Go on with ./azora up, then ./azora run watch ${RUN}`,
    })
    expect(stdout.read()?.toString()).toContain('git.rewrite-branch')
  } finally {
    await own.stop()
    interrupt.dispose()
  }
})
