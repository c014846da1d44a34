import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDrivers } from '../driver/drivers.ts'
import { createIsolation } from '../isolation/bubblewrap.ts'
import type { Isolation } from '../isolation/port.ts'
import { openSpool } from '../node/output.ts'
import { performAction } from '../node/perform.ts'
import { holdResources } from '../node/resources.ts'
import { createTestLog } from '../testing/log.ts'
import { player } from '../testing/node.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { runIn } from '../testing/run.ts'
import { ESCAPED } from './attempt.ts'
import { HELD, NODE, type NodeAttempt } from './attempts/node.ts'
import { type PlantedHost, plantHost } from './host.ts'

/** A skill that runs a shell script, with descriptor 3 as its own. */
const SHELL_SKILL = `
import { spawn } from 'node:child_process'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
export default defineSkill({
  skillId: 'test.play', version: '1.0.0', title: 'Shell', description: 'Runs a script.',
  input: z.object({ play: z.string(), text: z.string().default('') }),
  output: z.number().nullable(),
  effects: ['write'], idempotent: false, workspace: 'write',
  run: ({ play }) => new Promise((resolve) =>
    spawn('/bin/sh', ['-c', play], { stdio: ['ignore', 'inherit', 'inherit', 3] }).on('exit', resolve)),
})
`

let project: TestProject
let isolation: Isolation
let requestTo: ReturnType<typeof player>
let host: PlantedHost

beforeAll(async () => {
  project = await createTestProject()
  requestTo = player(createTestLog(), await project.add('skills/play.skill.ts', SHELL_SKILL))
  isolation = await createIsolation({ projectRoot: project.root })
  host = await plantHost(project.root)
})
afterAll(async () => {
  await host.close()
  await project.remove()
})

function attempt({ program, hosts = [], limits }: NodeAttempt) {
  const request = requestTo(program, {
    resources: { read: [], write: [], hosts: [...hosts] },
    limits: { wallMs: 20_000, ...limits },
  })
  const deps = {
    isolation,
    node: 'node-1',
    dataDir: project.dataDir,
    drivers: createDrivers({ isolation: isolation, projectRoot: project.root, warmSlots: 0 }),
    spool: openSpool(project.dataDir),
    keep: async () => {},
  }
  return performAction(
    deps,
    { type: 'perform', id: 'a', ...request },
    { path: join(project.root, 'catalog/skills/play.skill.ts') },
    { read: [], write: [], inputs: {} },
    new AbortController().signal,
    () => {},
  )
}

it.concurrent.each(NODE.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
  const outcome = await attempt(each)
  expect(outcome.log).not.toMatch(ESCAPED)
  if (each.breach) expect(outcome.ending?.breach).toMatchObject({ limit: each.breach })
  else expect(outcome.log).toMatch(each.stopped)
})

it(HELD.name, async () => {
  const { SECRET, WRITE } = host.facts
  const link = join(WRITE, 'link')
  await runIn(isolation, `ln -s ${SECRET} ${link}`, { write: [WRITE] })
  const held = await holdResources({ read: [link], write: [], hosts: [] }, host.facts.DATA)
  expect(held).toMatchObject({ flaw: { code: 'resource_outside' } })
})
