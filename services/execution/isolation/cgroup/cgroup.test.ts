import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findCgroups } from './find.ts'
import { findCgroupsV2 } from './v2.ts'

const LIMITS = { memoryBytes: 67_108_864, processes: 20 }

/**
 * A folder with the files of a cgroup, without a kernel behind it: the unified hierarchy of a machine may lack controllers,
 * or not be ours to write.
 */
describe('a delegated cgroup of the second version', () => {
  let own: string
  beforeEach(async () => {
    own = await mkdtemp(join(tmpdir(), 'azora-cgroup-'))
    files(own, { 'cgroup.controllers': 'cpu memory pids\n', 'cgroup.subtree_control': '\n', 'cgroup.procs': '' })
  })
  afterEach(() => rm(own, { recursive: true, force: true }))

  const files = (folder: string, texts: Record<string, string>) => {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text)
  }
  const mine = () => join(own, `azora.${process.pid}`)

  it('passes its controllers on, and holds a cgroup for each sandbox', () => {
    const cgroup = findCgroupsV2(own)?.create(LIMITS)
    expect(readFileSync(join(own, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids')
    const folder = join(mine(), '1')
    expect(readFileSync(join(folder, 'memory.max'), 'utf8')).toBe('67108864')
    expect(readFileSync(join(folder, 'pids.max'), 'utf8')).toBe('20')
    cgroup?.add(42)
    expect(readFileSync(join(folder, 'cgroup.procs'), 'utf8')).toBe('42')
  })

  it('tells what the kernel counted', () => {
    const cgroup = findCgroupsV2(own)?.create(LIMITS)
    files(join(mine(), '1'), {
      'cpu.stat': 'usage_usec 1500\nuser_usec 1\n',
      'memory.peak': '4096\n',
      'pids.peak': '7\n',
      'memory.events': 'low 0\noom 1\noom_kill 1\n',
      'pids.events': 'max 0\n',
      'cgroup.procs': '7\n8\n',
    })
    expect(cgroup?.counters()).toEqual({
      cpuMs: 1.5,
      memoryBytesPeak: 4096,
      processesPeak: 7,
      outOfMemory: true,
      forkRefused: false,
    })
    expect(cgroup?.pids()).toEqual([7, 8])
  })

  it('is none without the controllers that are needed', () => {
    files(own, { 'cgroup.controllers': 'hugetlb\n' })
    expect(findCgroupsV2(own)).toBeUndefined()
    expect(findCgroupsV2(join(own, 'missing'))).toBeUndefined()
  })

  it('is the parent of the leaf that its processes were moved to', () => {
    mkdirSync(join(own, 'azora-main'))
    expect(findCgroupsV2(join(own, 'azora-main'))).toBeDefined()
    expect(existsSync(mine())).toBe(true)
  })

  it('is cleared of what processes left that have died', () => {
    const dead = join(own, 'azora.999999999')
    mkdirSync(join(dead, '1'), { recursive: true })
    findCgroupsV2(own)
    expect(readdirSync(own)).not.toContain('azora.999999999')
  })
})

const real = findCgroups()

describe.skipIf(real === undefined)('a cgroup of this machine', () => {
  it('counts what is in it, refuses what is too much, and goes when it is empty', async () => {
    const cgroup = real?.create(LIMITS)
    const shell = spawn('sh', ['-c', 'read -r _; for i in $(seq 40); do sleep 60 & done; wait'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    const ended = once(shell, 'exit')
    cgroup?.add(shell.pid ?? 0)
    shell.stdin?.write('\n')
    await vi.waitFor(() => expect(cgroup?.counters().forkRefused).toBe(true))
    expect(cgroup?.pids().length).toBeLessThanOrEqual(LIMITS.processes)
    expect(cgroup?.counters().memoryBytesPeak).toBeGreaterThan(0)
    process.kill(-(shell.pid ?? 0), 'SIGKILL')
    await ended
    cgroup?.remove()
    await vi.waitFor(() => expect(() => cgroup?.pids()).toThrow('ENOENT'))
  })
})
