import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseIsolation } from '../choose.ts'
import { seatbeltArguments } from './seatbelt.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'azora-seatbelt-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a launch on macOS', () => {
  it('runs the command behind its profile and its limits, and only if these could be set', () => {
    const args = seatbeltArguments({ argv: ['/bin/echo', 'a b'], limits: { openFiles: 9, cpuMs: 1_500 } }, [], folder)
    expect([args[0], ...args.slice(2, 4)]).toEqual(['-p', '/bin/sh', '-c'])
    expect(args[4]).toMatch(/^ulimit -f \d+ && ulimit -n 9 && ulimit -t 3 && ulimit -c 0 && exec "\$@"$/)
    expect(args.slice(5)).toEqual(['sh', '/bin/echo', 'a b'])
  })

  it('is shown real paths, as the kernel judges by them', () => {
    const link = join(folder, 'link')
    symlinkSync('/usr', link)
    const [, profile] = seatbeltArguments({ argv: ['true'], read: [link] }, [], folder)
    expect(profile).toContain('(subpath "/usr")')
    expect(profile).not.toContain(link)
  })

  it('can write to its workspace only where it may', () => {
    const reading = seatbeltArguments({ argv: ['true'], workspace: { path: '/usr', mode: 'read' } }, [], folder)[1]
    const writing = seatbeltArguments({ argv: ['true'], workspace: { path: '/usr', mode: 'write' } }, [], folder)[1]
    expect(reading).toContain(`(allow file-write*\n  (subpath "${folder}"))`)
    expect(writing).toContain(`(allow file-write*\n  (subpath "${folder}")\n  (subpath "/usr"))`)
  })

  it.runIf(process.platform === 'darwin')('keeps the command from everything else', async () => {
    const isolation = await chooseIsolation('sandbox', process.cwd())
    const { stdout, exited } = isolation.launch({ argv: ['/bin/sh', '-c', 'cat /etc/hosts ~/.ssh/* || echo refused'] })
    const text = await stdout.toArray()
    expect(text.join('')).toContain('refused')
    await exited
  })
})
