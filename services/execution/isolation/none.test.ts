import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { marker, processesWith } from '../testing/processes.ts'
import { runIn } from '../testing/run.ts'
import { createNoIsolation } from './none.ts'

const isolation = createNoIsolation()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azora-none-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('no isolation', () => {
  it('says so, and runs the command where its workspace lies', async () => {
    expect(isolation.describe()).toBe('none')
    expect(isolation.workspacePath(folder)).toBe(folder)
    const { stdout, result, code } = await runIn(isolation, 'pwd; echo answer >&3; exit 7', {
      workspace: { path: folder, mode: 'write' },
    })
    expect([stdout.trim(), result, code]).toEqual([folder, 'answer\n', 7])
  })

  it('still hands over none of the environment', async () => {
    vi.stubEnv('AZORA_TEST_SECRET', 'do-not-tell')
    const { stdout } = await runIn(isolation, 'env', { env: { GIVEN: 'yes' } })
    vi.unstubAllEnvs()
    expect(stdout).toContain('GIVEN=yes')
    expect(stdout).not.toContain('do-not-tell')
  })

  it.runIf(process.platform === 'linux')('still keeps limits', async () => {
    const busy = await runIn(isolation, 'while :; do :; done', { limits: { cpuMs: 500 } })
    expect(busy.breach).toMatchObject({ limit: 'cpu' })
  })

  it('ends a command with its descendants', async () => {
    const seconds = marker()
    const sandbox = isolation.launch({
      argv: ['/bin/sh', '-c', 'setsid sleep "$1" & echo ready; sleep "$1"', 'sh', seconds],
    })
    for (const stream of [sandbox.stderr, sandbox.result]) stream.resume()
    await once(sandbox.stdout, 'data')
    sandbox.stdout.resume()
    sandbox.kill()
    await sandbox.exited
    await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]))
  })
})
