import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { marker, processesWith } from '../testing/processes.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { runIn } from '../testing/run.ts'
import { createIsolation } from './bubblewrap.ts'
import type { Isolation } from './port.ts'

const LAUNCHER = fileURLToPath(new URL('../testing/launcher.ts', import.meta.url))
const SLEEPING = 'setsid sleep "$1" & echo running; exec sleep "$1"'
const GONE = { timeout: 10_000, interval: 20 }
/** Prints those of its arguments that exist. */
const EXISTING = 'for path; do if [ -e "$path" ]; then echo "$path"; fi; done'
/** Prints those of its arguments in which a file can be made. */
const WRITABLE = 'for path; do if touch "$path/written" 2>/dev/null; then echo "$path"; fi; done'

let project: TestProject
let isolation: Isolation
let host: string

beforeAll(async () => {
  project = await createTestProject({ 'skills/some.skill.ts': 'export default 1\n' })
  isolation = await createIsolation({ projectRoot: project.root })
})
afterAll(() => project.remove())

/** Folders of the host that a test may grant. */
async function folders() {
  host = await mkdtemp(join(tmpdir(), 'azora-isolation-'))
  const [read, write, work] = ['read', 'write', 'work'].map((name) => join(host, name)) as [string, string, string]
  for (const folder of [read, write, work]) {
    await mkdir(folder)
    await writeFile(join(folder, 'present'), folder)
  }
  return { read, write, work }
}
afterEach(async () => {
  if (host) await rm(host, { recursive: true, force: true })
})

describe('what a sandbox sees', () => {
  it('is no network but a loopback of its own', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const connect = `require('node:net').connect(${port}, '127.0.0.1').on('connect', () => console.log('connected')).on('error', (e) => console.log(e.code))`
    const interfaces = "sed -n 's/^ *\\([^ ]*\\):.*/\\1/p' /proc/net/dev"
    const { stdout } = await runIn(isolation, `${interfaces}; "$1" -e "$2"`, {}, process.execPath, connect)
    server.close()
    expect(stdout.trim().split('\n')).toEqual(['lo', 'ECONNREFUSED'])
  })

  it('is none of the environment of the host', async () => {
    vi.stubEnv('AZORA_TEST_SECRET', 'do-not-tell')
    const { stdout } = await runIn(isolation, 'env', { env: { GIVEN: 'yes' } })
    vi.unstubAllEnvs()
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    const bySh = ['PWD', 'OLDPWD', 'SHLVL', '_']
    expect(names.filter((name) => !bySh.includes(name ?? '')).sort()).toEqual([
      'GIVEN',
      'HOME',
      'LANG',
      'PATH',
      'TMPDIR',
      'USER',
    ])
  })

  it('is no file of people, programs and keys of the host', async () => {
    const { read } = await folders()
    const secrets = [
      '/etc/shadow',
      '/etc/ssl/private',
      '/etc/hostname',
      '/etc/machine-id',
      '/sys/kernel',
      '/run/dbus',
      read,
    ]
    const inside = ['.git', 'services', 'apps'].map((name) => join(project.root, name))
    expect((await runIn(isolation, EXISTING, {}, ...secrets, ...inside)).stdout).toBe('')
    const shared = [project.root, dirname(process.execPath)].flatMap((path) => ['-not', '-path', `${path}/*`])
    const files = await runIn(isolation, 'find /root /home /var /srv /opt /mnt -type f "$@" 2>/dev/null', {}, ...shared)
    expect(files.stdout).toBe('')
  })

  it('is no process of the host', async () => {
    const seconds = marker()
    const other = spawn('sleep', [seconds])
    const { stdout } = await runIn(isolation, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')
    other.kill('SIGKILL')
    expect(stdout).toContain('cat')
    expect(stdout).not.toContain(seconds)
  })

  it('is the catalog, the system and what was granted', async () => {
    const { read, write, work } = await folders()
    const seen = [
      join(project.root, 'catalog/skills/some.skill.ts'),
      '/usr/bin',
      '/bin/sh',
      join(read, 'present'),
      join(write, 'present'),
      '/workspace/present',
    ]
    const spec = { read: [read], write: [write], workspace: { path: work, mode: 'read' as const } }
    expect((await runIn(isolation, EXISTING, spec, ...seen)).stdout.trim().split('\n')).toEqual(seen)
  })
})

describe('what a sandbox can write', () => {
  it('is neither the system nor the project nor what it may read', async () => {
    const { read, work } = await folders()
    const spec = { read: [read], workspace: { path: work, mode: 'read' as const } }
    const places = [
      '/usr',
      '/usr/lib',
      '/etc/ssl/certs',
      '/bin',
      read,
      '/workspace',
      '/proc/sys',
      join(project.root, 'catalog'),
      join(project.root, 'packages/sdk'),
      join(project.root, 'node_modules'),
    ]
    expect((await runIn(isolation, WRITABLE, spec, ...places)).stdout).toBe('')
  })

  it('is its workspace and the paths that it may write', async () => {
    const { write, work } = await folders()
    const spec = { write: [write], workspace: { path: work, mode: 'write' as const } }
    const { stdout } = await runIn(isolation, `pwd; ${WRITABLE}`, spec, write, '/workspace')
    expect(stdout.trim().split('\n')).toEqual(['/workspace', write, '/workspace'])
    expect([existsSync(join(write, 'written')), existsSync(join(work, 'written'))]).toEqual([true, true])
  })

  it('is a /tmp that is nobody else’s and ends with it', async () => {
    const name = `azora-${marker()}`
    // What else is there are the folders on the way to what is mounted: the project, and the runtime that it links to.
    const onTheWay = [project.root, process.execPath].filter((path) => path.startsWith('/tmp/'))
    const expected = new Set([name, ...onTheWay.map((path) => path.split('/')[2])])
    const { stdout } = await runIn(isolation, `pwd; touch /tmp/${name}; ls -A /tmp`)
    expect(stdout.trim().split('\n')).toEqual(['/tmp', ...[...expected].sort()])
    expect(existsSync(join('/tmp', name))).toBe(false)
  })

  it('is no file larger than allowed', async () => {
    const { work } = await folders()
    const spec = { limits: { fileBytes: 4096 }, workspace: { path: work, mode: 'write' as const } }
    const { code } = await runIn(isolation, 'head -c 100000 /dev/zero > big', spec)
    expect(code).not.toBe(0)
    expect((await readFile(join(work, 'big'))).length).toBe(4096)
  })

  it('is what it answers on file descriptor 3', async () => {
    const { result, code } = await runIn(isolation, 'echo answer >&3; exit 7')
    expect([result, code]).toEqual(['answer\n', 7])
  })

  it('is no file that whoever started us left open', async () => {
    const { work } = await folders()
    const file = await open(join(work, 'present'), 'r+')
    const far = Array.from({ length: 37 }, () => 'ignore' as const)
    const launcher = spawn(process.execPath, [LAUNCHER, project.root, 'ls -l /proc/self/fd'], {
      stdio: ['ignore', 'pipe', 'inherit', ...far, file.fd],
    })
    const listing = await text(launcher.stdout as Readable)
    await file.close()
    expect(listing).toContain(' 3 -> socket:')
    expect(listing).toContain(' 40 -> /dev/null')
    expect(listing).not.toContain('present')
  })

  it('is nothing at all when something that it was granted is missing', async () => {
    const { work } = await folders()
    const spec = { read: [join(host, 'missing')], workspace: { path: work, mode: 'write' as const } }
    const { code } = await runIn(isolation, 'touch /workspace/ran', spec)
    expect(code).not.toBe(0)
    expect(existsSync(join(work, 'ran'))).toBe(false)
  })
})

describe('the end of a sandbox', () => {
  /** Ignores signals, forks twice, leaves its session and its streams behind. */
  const STUBBORN =
    "trap '' TERM HUP INT; (setsid sh -c 'sleep $0 </dev/null >/dev/null 2>&1 3>&1 & exec sleep $0' $1 </dev/null >/dev/null 2>&1 3>&1 &) ; echo ready; while :; do sleep $1; done"

  it('takes every process along that it started, whatever they do about it', async () => {
    const seconds = marker()
    const sandbox = isolation.launch({ argv: ['/bin/sh', '-c', STUBBORN, 'sh', seconds] })
    sandbox.stderr.resume()
    sandbox.result.resume()
    await once(sandbox.stdout, 'data')
    await vi.waitFor(() => expect(processesWith(`sleep\0${seconds}`).length).toBeGreaterThan(2), GONE)
    sandbox.kill()
    await sandbox.exited
    expect(processesWith(seconds)).toEqual([])
  })

  it('takes along what a command leaves behind when it ends by itself', async () => {
    const seconds = marker()
    const script = '(setsid sleep "$1" </dev/null >/dev/null 2>&1 3>&1 &); sleep 0.1; exit 0'
    expect((await runIn(isolation, script, {}, seconds)).code).toBe(0)
    await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]), GONE)
  })

  it('comes also while it is still being started', async () => {
    const seconds = marker()
    for (let delay = 0; delay < 24; delay += 1) {
      const sandbox = isolation.launch({ argv: ['/bin/sleep', seconds] })
      for (const stream of [sandbox.stdout, sandbox.stderr, sandbox.result]) stream.resume()
      await (delay % 2 === 0 ? setImmediate() : wait(delay / 2))
      sandbox.kill()
      await sandbox.exited
      expect(processesWith(seconds)).toEqual([])
    }
  })

  it('can be asked for twice, and after it came', async () => {
    const sandbox = isolation.launch({ argv: ['/bin/true'] })
    for (const stream of [sandbox.stdout, sandbox.stderr, sandbox.result]) stream.resume()
    expect(await sandbox.exited).toMatchObject({ code: 0, signal: null })
    sandbox.kill()
    sandbox.kill()
  })

  it.each(['launching', 'running'])(
    'comes when the process that launched it is killed while it is %s',
    async (word) => {
      const seconds = marker()
      const process_: ChildProcess = spawn(process.execPath, [LAUNCHER, project.root, SLEEPING, seconds], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      process_.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8')
      })
      await vi.waitFor(() => expect(said).toContain(word), GONE)
      expect(processesWith(seconds)).not.toEqual([])
      process_.kill('SIGKILL')
      await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]), GONE)
    },
  )
})

describe('createIsolation', () => {
  it('fails rather than doing without isolation', async () => {
    vi.stubEnv('PATH', '/nowhere')
    const creating = createIsolation({ projectRoot: project.root })
    await expect(creating).rejects.toMatchObject({
      code: 'isolation_unavailable',
      remedy: expect.stringContaining('bubblewrap'),
    })
    vi.unstubAllEnvs()
  })

  it('says what isolates', () => {
    expect(isolation.describe()).toMatch(/^bubblewrap \d+\.\d+/)
  })
})
