import { existsSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIsolation } from '../isolation/bubblewrap.ts'
import type { Isolation } from '../isolation/port.ts'
import { processesWith } from '../testing/processes.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { runIn } from '../testing/run.ts'
import { ESCAPED } from './attempt.ts'
import { ATTEMPTS } from './attempts/index.ts'
import { type PlantedHost, plantHost } from './host.ts'
import { runWithout } from './without.ts'

let project: TestProject
let isolation: Isolation
let host: PlantedHost

beforeAll(async () => {
  project = await createTestProject()
  isolation = await createIsolation({ projectRoot: project.root })
  host = await plantHost(project.root)
})
afterAll(async () => {
  await host.close()
  await project.remove()
})

describe.each(Object.entries(ATTEMPTS))('%s', (_subject, attempts) => {
  it.concurrent.each(attempts.map((attempt) => [attempt.name, attempt] as const))('%s', async (_name, attempt) => {
    const ended = await runIn(isolation, attempt.program, {
      env: { ...host.facts },
      read: [host.facts.READ],
      write: [host.facts.WRITE],
      workspace: { path: host.workspace, mode: 'write' },
      ...(attempt.limits && { limits: attempt.limits }),
    })
    expect(ended.stdout, 'it is contained').not.toMatch(ESCAPED)
    if (attempt.breach) expect(ended.breach, 'its limit ended it').toMatchObject({ limit: attempt.breach })
    else expect(ended.stdout + ended.stderr, 'the guard answers').toMatch(attempt.stopped)
    if (attempt.without) {
      const printed = await runWithout(attempt, host, project.root)
      expect(printed, 'without the guard').toMatch(attempt.without.prints)
      expect(printed, 'without the guard').not.toMatch(attempt.stopped)
    }
  })
})

describe('after all of them', () => {
  it('the host is as it was', () => {
    expect(processesWith('86398.75')).toContain(Number(host.facts.PID))
    expect(processesWith(`86399.${host.facts.SHM}`)).toEqual([])
    expect(readdirSync(host.facts.READ)).toEqual(['present'])
    expect(existsSync('/usr/bin/azora-escape')).toBe(false)
  })

  it('there were at least sixty', () => expect(Object.values(ATTEMPTS).flat().length).toBeGreaterThanOrEqual(60))
})
