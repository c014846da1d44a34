import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../testing/launcher.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NOBODY = 65_534

/** Runs a program as a user without rights, which only root can. */
const asNobody = (program: string, ...args: string[]) =>
  spawnSync('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', program, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/tmp' },
    cwd: '/tmp',
  })

const isPossible =
  process.platform === 'linux' && process.getuid?.() === 0 && asNobody('test', '-r', LAUNCHER).status === 0

describe.skipIf(!isPossible)('as an ordinary user, a sandbox', () => {
  it('has the same walls, and limits of its own', () => {
    const script =
      'id -u; grep -E "^(Seccomp|NoNewPrivs|CapEff):" /proc/self/status; ulimit -p; touch /file /etc/passwd; cat /etc/shadow'
    const { stdout } = asNobody(process.execPath, LAUNCHER, ROOT, script)
    const said = stdout.replaceAll('\t', ' ').split('\n')
    expect(said).toEqual(
      expect.arrayContaining(['1000', 'CapEff: 0000000000000000', 'NoNewPrivs: 1', 'Seccomp: 2', '512']),
    )
  })

  it('can not fork without end', () => {
    const script = 'i=0; while [ $i -lt 700 ]; do sleep 60 & i=$((i+1)); done; echo all'
    expect(asNobody(process.execPath, LAUNCHER, ROOT, script).stdout).not.toContain('all')
  })
})
