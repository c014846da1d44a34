import { spawn } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import type { Exit, WatchedLimits } from '../port.ts'
import { watchedLimits } from '../watched-limits.ts'
import { processesIn, processesNow } from './process-table.ts'
import { followTroop } from './troop.ts'

// Programs of this machine, without a sandbox: what is tested is how they are found and ended.
function started(script: string, limits: Partial<WatchedLimits> = {}) {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const troop = followTroop(child.pid as number, watchedLimits({ limits }))
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  child.once('exit', () => troop.kill())
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve(troop.end({ code, signal })))
  })
  return { child, troop, exited, said: () => said }
}

const isAlive = (pid: number): boolean => processesNow().some((one) => one.pid === pid)
/** As the table shows it: it may have been a zombie for a moment. */
const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })

describe('processes that are followed by looking', () => {
  it('are ended as a group, with those that ignore signals', async () => {
    const { troop, exited, said } = started("trap '' TERM INT HUP; sleep 600 & echo $!; wait")
    await vi.waitFor(() => expect(said()).toMatch(/\d+\n/), { timeout: 10_000 })
    troop.kill()
    expect((await exited).signal).toBe('SIGKILL')
    await gone(Number(said()))
  })

  it('are ended when they have left the group, once they were seen', async () => {
    const { child, troop, exited, said } = started('setsid sleep 600 & echo $!; sleep 600')
    await vi.waitFor(() => expect(troop.usage().processesPeak).toBe(3), { timeout: 10_000 })
    child.kill('SIGKILL')
    await exited
    await gone(Number(said()))
  })

  it('are ended when they are more than the limit', async () => {
    const { exited } = started('for n in 1 2 3 4 5 6 7 8; do sleep 600 & done; wait', { processes: 4 })
    expect((await exited).breach).toMatchObject({ limit: 'processes', allowed: 4 })
  })

  it('are ended when the processor time is used up', async () => {
    const { exited } = started('while :; do :; done', { cpuMs: 1_000 })
    expect((await exited).breach).toMatchObject({ limit: 'cpu', allowed: 1_000 })
  })
})

describe('the table of processes', () => {
  it('is read as ps of macOS and of Linux print it', () => {
    const lines = [
      '    1     0     1  14880   1:02.50 Fri Nov 27 09:00:00 2026',
      '   77     1    77    512  1-00:00:03 Fri Nov 27 09:00:01 2026    ',
      'PID nonsense',
    ]
    expect(processesIn(lines.join('\n'))).toEqual([
      { pid: 1, parent: 0, group: 1, memoryBytes: 15_237_120, cpuMs: 62_500, began: 'Fri Nov 27 09:00:00 2026' },
      { pid: 77, parent: 1, group: 77, memoryBytes: 524_288, cpuMs: 86_403_000, began: 'Fri Nov 27 09:00:01 2026' },
    ])
  })
})
