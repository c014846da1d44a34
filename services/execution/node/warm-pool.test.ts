import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createIsolation } from '../isolation/bubblewrap.ts'
import type { Isolation, LaunchSpec } from '../isolation/port.ts'
import { marker, processesWith } from '../testing/processes.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { createWarmPool, type WarmPool } from './warm-pool.ts'

const SOON = { timeout: 15_000, interval: 20 }
let project: TestProject
let isolation: Isolation
let pool: WarmPool

beforeAll(async () => {
  project = await createTestProject()
  isolation = await createIsolation({ projectRoot: project.root })
})
afterEach(() => pool.close())
afterAll(() => project.remove())

/** Says who it is and what it is told; what it keeps in its /tmp is for whoever comes after it. */
const script = (mark: string): LaunchSpec => ({
  argv: ['/bin/sh', '-c', 'ls -A /tmp; read -r said; touch "/tmp/$said"; echo "$said"', mark],
})

async function use(spec: LaunchSpec, said: string, code = 'code'): Promise<string> {
  const sandbox = pool.launch(spec, code)
  sandbox.stdin.end(`${said}\n`)
  for (const stream of [sandbox.stderr, sandbox.result]) stream.resume()
  const [printed] = await Promise.all([text(sandbox.stdout), sandbox.exited])
  return printed.trim()
}
const waiting = (count: number) => vi.waitFor(() => expect(pool.status().waiting).toBe(count), SOON)

describe('a warm slot', () => {
  it('is made after an action, used by one other, and has nothing of the first', async () => {
    pool = createWarmPool({ isolation, slotsMax: 4 })
    expect(await use(script(marker()), 'first')).toContain('first')
    const spec = script(marker())
    await use(spec, 'first')
    await waiting(2)
    expect(await use(spec, 'second')).not.toContain('first')
    expect(pool.status().used).toBe(1)
  })

  it('is not for other code, other limits, or an action that is shown something', async () => {
    pool = createWarmPool({ isolation, slotsMax: 4 })
    const spec = script(marker())
    await use(spec, 'a')
    await waiting(1)
    await use(spec, 'b', 'other code')
    await use({ ...spec, limits: { processes: 100 } }, 'c')
    await use({ ...spec, read: [project.root] }, 'd')
    await use({ ...spec, workspace: { path: project.dataDir, mode: 'read' } }, 'e')
    await use({ ...spec, env: { A: 'b' } }, 'f')
    expect(pool.status().used).toBe(0)
  })

  it('is one of a few, of which the oldest makes room', async () => {
    pool = createWarmPool({ isolation, slotsMax: 2 })
    const specs = [script(marker()), script(marker()), script(marker())] as const
    for (const spec of specs) {
      await use(spec, 'a')
      await vi.waitFor(() => expect(processesWith(spec.argv[3] ?? '')).not.toEqual([]), SOON)
    }
    await waiting(2)
    await vi.waitFor(() => expect(processesWith(specs[0].argv[3] ?? '')).toEqual([]), SOON)
  })

  it('ends when nobody needs it, and with the pool', async () => {
    pool = createWarmPool({ isolation, slotsMax: 2, idleMs: 300 })
    const spec = script(marker())
    await use(spec, 'a')
    await waiting(1)
    await waiting(0)
    await vi.waitFor(() => expect(processesWith(spec.argv[3] ?? '')).toEqual([]), SOON)
    pool = createWarmPool({ isolation, slotsMax: 2 })
    await use(spec, 'a')
    await waiting(1)
    expect(pool.status().memoryBytes).toBeGreaterThanOrEqual(0)
    pool.close()
    await vi.waitFor(() => expect(processesWith(spec.argv[3] ?? '')).toEqual([]), SOON)
  })

  it('is not handed out when it has died', async () => {
    pool = createWarmPool({ isolation, slotsMax: 2 })
    const spec = script(marker())
    await use(spec, 'a')
    await vi.waitFor(() => expect(processesWith(`\0${spec.argv[3]}`).length).toBeGreaterThan(0), SOON)
    for (const pid of processesWith(spec.argv[3] ?? '')) process.kill(pid, 'SIGKILL')
    await waiting(0)
    expect(await use(spec, 'b')).toMatch(/b$/)
  })

  it('is none where none are wanted', async () => {
    pool = createWarmPool({ isolation, slotsMax: 0 })
    await use({ ...script(marker()), argv: ['/bin/echo', join('a', 'b')] }, 'a')
    expect(pool.status()).toEqual({ waiting: 0, memoryBytes: 0, used: 0 })
  })
})
