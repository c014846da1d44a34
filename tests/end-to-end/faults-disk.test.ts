import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, serverPid, until } from '../support/cli.ts'
import { patiently } from '../support/patiently.ts'
import * as repositories from '../support/repositories.ts'
import { type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { clientOf, expectWhole, requestFor, type Stewarded, startStewarded, untilEntry } from '../support/stewarded.ts'
import { tempDir } from '../support/temp-dir.ts'

const MEBIBYTES = 192
/** Space that PostgreSQL took before lasts for some entries. */
const TRIES = 200

const folder = tempDir('faults-disk')
const repos = join(folder.path, 'repos')
const mountedAt = join(folder.path, 'disk')
let disk: SmallDisk
let server: ChildProcess
/** As this process sees it. */
let dataDir: string

beforeAll(async () => {
  mkdirSync(repos)
  disk = smallDisk(mountedAt, MEBIBYTES)
  const [program = '', ...args] = [...disk.prefix, process.execPath, join(ROOT, 'apps/server/main.ts')]
  server = spawn(program, [...args, 'up', '--port', '0', '--data', mountedAt], {
    env: { ...process.env, DATABASE_URL: undefined },
    stdio: 'ignore',
  })
  dataDir = disk.seenFrom(server.pid ?? 0, mountedAt)
  await until(() => serverPid(dataDir) !== undefined, 60_000, 'the server to be ready')
})
afterAll(async () => {
  if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit')
  folder.remove()
})

describe('a disk that is full', () => {
  it('is told to callers; once there is room, what was accepted goes on, each effect once', async () => {
    const client = await clientOf(dataDir)
    const begun = await startStewarded(client, repos, 'begun')
    // What is left of it needs the record alone, not the node's part of the disk.
    await untilEntry(client, begun.runId, 'action.finished', 'publish')
    const free = disk.fill(dataDir)

    const accepted: Stewarded[] = []
    const refused = await refusal(await clientOf(dataDir, 1), accepted)
    expect(refused).toMatchObject({
      problem: { status: 503, code: 'database_full' },
      retryAfterMs: expect.any(Number),
    })
    expect(server.exitCode).toBeNull()
    free()

    const repository = repositories.javascript(join(repos, 'after'))
    const after = { repository, ...(await patiently(() => client.manage(requestFor(repository)))) }
    for (const run of [begun, after]) await expectWhole(client, dataDir, run)
    for (const run of accepted) await expectSettled(client, run)
  })
})

/** Starts runs until one is refused; those that were accepted are added to the list. */
async function refusal(client: Client, accepted: Stewarded[]): Promise<unknown> {
  for (let at = 0; at < TRIES; at += 1) {
    const repository = repositories.javascript(join(repos, `full-${at}`))
    try {
      accepted.push({
        repository,
        ...(await client.manage(requestFor(repository), { idempotencyKey: randomUUID() })),
      })
    } catch (thrown) {
      return thrown
    }
  }
  return undefined
}

/** Its workspace may not have had room either: then it has failed, and says so. */
async function expectSettled(client: Client, { runId, repository }: Stewarded): Promise<void> {
  const stateOf = async (): Promise<string> => (await client.run(runId)).state
  await until(async () => ['success', 'fail'].includes(await stateOf()), 60_000, `run ${runId} to end`)
  const branches = repositories.branches(repository).filter((branch) => branch.startsWith('azora/'))
  expect(branches.length).toBeLessThanOrEqual(1)
  if ((await stateOf()) === 'success') expect(branches).toEqual([`azora/${runId}`])
}
