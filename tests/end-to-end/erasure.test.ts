import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { createDb } from '@azora/base/db'
import type { ErasurePreview, ErasureView, RunDetail } from '@azora/contracts'
import { type Client, createClient, localServer, ownerToken } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded } from '../../apps/server/database/embedded.ts'
import { createCli, lastJson, serverPid } from '../support/cli.ts'
import { everythingIn } from '../support/planted.ts'
import * as repositories from '../support/repositories.ts'
import { tempDir } from '../support/temp-dir.ts'

const folder = tempDir('erasure')
const dataDir = join(folder.path, 'data')
const cli = createCli(dataDir)
const MARKER = `planted-${randomUUID()}`
let running: Awaited<ReturnType<typeof cli.up>> | undefined
let client: Client

beforeAll(async () => {
  running = await cli.up()
  await connect()
})
afterAll(async () => {
  await cli.stop()
  folder.remove()
})

async function connect(): Promise<void> {
  const [server, token] = await Promise.all([localServer(dataDir), ownerToken(dataDir)])
  client = createClient({ url: server?.url ?? '', token: token ?? '' })
}

/** What the server said while it ran. */
async function stop(): Promise<string> {
  const pid = serverPid(dataDir)
  if (pid) process.kill(pid, 'SIGTERM')
  const said = await running?.finished
  running = undefined
  return `${said?.stdout}\n${said?.stderr}`
}

const azora = async (...args: string[]) => cli.run(...args)

const RULE = ['--rule', 'GDPR Art. 17', '--reason', 'the person asked for it']

/** Files below a folder that hold the marker, or have it in their name. */
function filesWith(path: string, skipped: (path: string) => boolean): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const file = join(path, entry.name)
    if (skipped(file)) return []
    const named = file.includes(MARKER) ? [file] : []
    if (entry.isDirectory()) return [...named, ...filesWith(file, skipped)]
    return entry.isFile() && readFileSync(file).includes(MARKER) ? [...named, file] : named
  })
}

/** PostgreSQL's own files: the guide says what they still hold, and for how long. */
const ofPostgres = (file: string): boolean => file === join(dataDir, 'postgres', 'data')

/** The marker in what was asked, done, answered and printed, and in an error. */
async function plantedRuns(): Promise<string[]> {
  const invoke = async (skill: string, input: object): Promise<string> =>
    lastJson<RunDetail>(await azora('skill', 'invoke', skill, '--input', JSON.stringify(input), '--json')).id
  const written = await invoke('workspace.write-file', { path: `${MARKER}.txt`, content: MARKER })
  const failed = await invoke('workspace.read-file', { path: `${MARKER}.missing` })
  const repository = join(folder.path, 'repository')
  mkdirSync(repository)
  repositories.git(repository, 'init', '--quiet', '--initial-branch', 'main')
  const test = `sh -c 'echo ${MARKER}; echo ${MARKER} >&2; exit 1'`
  writeFileSync(join(repository, 'azora.json'), JSON.stringify({ test }))
  repositories.git(repository, 'add', '--all')
  repositories.git(repository, 'commit', '--quiet', '--message', MARKER)
  const scoped = ['--read', repository, '--write', repository]
  const agent = await azora(
    'run',
    'start',
    'repo-steward',
    '-i',
    `repository=${repository}`,
    ...scoped,
    '--watch',
    '--json',
  )
  const started = /"run(?:Id)?":"([0-9a-f-]{36})"/.exec(agent.stdout)?.[1] ?? ''
  return [written, failed, started]
}

describe('an erased text', () => {
  it('is found nowhere any more: database, data directory, logs, API or command line', async () => {
    const runs = await plantedRuns()
    const shown = await Promise.all(runs.map((run) => client.run(run)))
    expect(shown.map(({ state }) => ['success', 'fail'].includes(state))).toEqual([true, true, true])
    expect(JSON.stringify(shown[0]?.input)).toContain(MARKER)
    expect(JSON.stringify(shown[0]?.outputs)).toContain(MARKER)
    expect(JSON.stringify(shown[1]?.error)).toContain(MARKER)
    expect(JSON.stringify(shown[2]?.actions)).toContain(MARKER)
    expect(filesWith(dataDir, ofPostgres)).not.toEqual([])

    const dry = lastJson<ErasurePreview>(
      await azora('audit', 'erase', '--subject', 'user:owner', '--dry-run', '--json'),
    )
    expect(dry.runCount).toBe(runs.length)
    expect(await azora('audit', 'erase', '--subject', 'user:owner', ...RULE)).toMatchObject({ code: 2 })
    const done = await azora('audit', 'erase', '--subject', 'user:owner', ...RULE, '-y', '--json')
    expect(lastJson<ErasureView>(done)).toMatchObject({ state: 'completed', count: dry.count, rule: 'GDPR Art. 17' })
    const again = await azora('audit', 'erase', '--subject', 'user:owner', '--dry-run', '--json')
    expect(lastJson<ErasurePreview>(again)).toMatchObject({ count: 0, more: false })

    for (const run of runs) {
      const seen = [await azora('run', 'show', run), await azora('run', 'show', run, '--json')]
      expect(seen.map(({ code }) => code)).toEqual([0, 0])
      expect(seen[0]?.stdout).toContain('under GDPR Art. 17')
      expect(JSON.stringify(seen)).not.toContain(MARKER)
      const bundle = join(folder.path, `${run}.json`)
      expect(await azora('run', 'evidence', run, '-o', bundle)).toMatchObject({ code: 0 })
      expect(readFileSync(bundle, 'utf8')).not.toContain(MARKER)
      expect(await azora('audit', 'verify', bundle)).toMatchObject({ code: 0 })
      expect(JSON.stringify(await client.entries(run))).not.toContain(MARKER)
      for await (const entry of client.events(run)) expect(JSON.stringify(entry)).not.toContain(MARKER)
      expect((await azora('replay', run)).code).not.toBe(70)
    }
    expect(JSON.stringify(await client.runs())).not.toContain(MARKER)
    expect(JSON.stringify(await azora('run', 'list'))).not.toContain(MARKER)
    expect(JSON.stringify(await azora('audit', 'erasures', '--json'))).not.toContain(MARKER)
    expect(filesWith(dataDir, ofPostgres)).toEqual([])
    expect(await stop()).not.toContain(MARKER)

    const postgres = await startEmbedded(dataDir, silentLog)
    const db = createDb({ connection: postgres.connection, max: 1, log: silentLog })
    await db.query('vacuum full')
    const everything = await everythingIn(db)
    await db.close()
    await postgres.stop()
    expect(everything).toContain('GDPR Art. 17')
    expect(everything).not.toContain(MARKER)
  })
})
