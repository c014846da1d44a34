import { join } from 'node:path'
import type { StatedLimits } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDrivers } from '../driver/drivers.ts'
import { createIsolation } from '../isolation/bubblewrap.ts'
import type { Isolation } from '../isolation/port.ts'
import { HOG_SKILL } from '../testing/hog-skill.ts'
import { createTestLog } from '../testing/log.ts'
import { player } from '../testing/node.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { openSpool } from './output.ts'
import { performAction } from './perform.ts'

const NEVER = new AbortController().signal
const MIB = 1024 * 1024
let project: TestProject
let isolation: Isolation
let requestTo: ReturnType<typeof player>

beforeAll(async () => {
  project = await createTestProject()
  requestTo = player(createTestLog(), await project.add('skills/play.skill.ts', HOG_SKILL))
  isolation = await createIsolation({ projectRoot: project.root })
})
afterAll(() => project.remove())

function perform(play: string, limits: StatedLimits, within = isolation) {
  const deps = {
    isolation: within,
    node: 'node-1',
    dataDir: project.dataDir,
    drivers: createDrivers({ isolation: within, projectRoot: project.root, warmSlots: 0 }),
    spool: openSpool(project.dataDir),
    keep: async () => {},
  }
  const request = { type: 'perform' as const, id: 'a', ...requestTo(play, { limits: { wallMs: 20_000, ...limits } }) }
  const entrypoint = join(project.root, 'catalog/skills/play.skill.ts')
  return performAction(deps, request, { path: entrypoint }, { read: [], write: [], inputs: {} }, NEVER, () => {})
}

const SMALL = { memoryBytes: 256 * MIB }

describe('an action that takes too much', () => {
  it.each<[string, string, StatedLimits]>([
    ['cpu', 'cpu', { cpuMs: 1_000 }],
    ['cpu of children', 'cpu', { cpuMs: 1_000 }],
    ['memory', 'memory', SMALL],
    ['memory of children', 'memory', SMALL],
    ['processes', 'processes', { processes: 40 }],
    ['threads', 'processes', { processes: 40 }],
    ['files of children', 'open_files', { openFiles: 100 }],
    ['disk', 'disk', { diskBytes: 8 * MIB }],
    ['disk of children', 'disk', { diskBytes: 8 * MIB }],
    ['tmp of children', 'tmp', { tmpBytes: 4 * MIB }],
    ['wall', 'wall', { wallMs: 1_000 }],
    ['output', 'output', { outputBytes: 4_096 }],
  ])('of %s ends with limit_%s and the figures', async (play, limit, limits) => {
    const outcome = await perform(play, limits)
    expect(outcome).toMatchObject({ state: 'failed', error: { code: `limit_${limit}` } })
    const [stated] = Object.values(limits)
    expect(outcome.ending).toMatchObject({ by: 'limit', breach: { limit, allowed: stated } })
    expect(outcome.ending?.breach?.used).toBeGreaterThanOrEqual(limit === 'memory' ? 1 : (stated ?? 0))
  })

  it.each<[string, string, StatedLimits]>([
    ['files', 'open_files', { openFiles: 100 }],
    ['file', 'file', { fileBytes: MIB }],
    ['file of children', 'file', { fileBytes: MIB }],
    ['tmp', 'tmp', { tmpBytes: 4 * MIB }],
    ['shm', 'tmp', { tmpBytes: 4 * MIB }],
  ])('of %s, of which the system tells it, fails with limit_%s', async (play, limit, limits) => {
    expect(await perform(play, limits)).toMatchObject({ state: 'failed', error: { code: `limit_${limit}` } })
  })

  it.each<[string, string, StatedLimits]>([
    ['cpu of children', 'cpu', { cpuMs: 1_000 }],
    ['memory', 'memory', SMALL],
    ['memory of children', 'memory', SMALL],
    ['processes', 'processes', { processes: 40 }],
    ['disk of children', 'disk', { diskBytes: 8 * MIB }],
  ])('of %s ends with limit_%s also where there are no cgroups', async (play, limit, limits) => {
    const bare = await createIsolation({ projectRoot: project.root, cgroups: null })
    const outcome = await perform(play, limits, bare)
    expect(outcome).toMatchObject({ error: { code: `limit_${limit}` }, ending: { by: 'limit' } })
    expect(outcome.isolation).toContain('rlimits')
  })

  it('is not what an action is that takes what it may, and what it took is told', async () => {
    const { state, usage, ending } = await perform('nothing', {})
    expect([state, ending]).toEqual(['succeeded', { by: 'itself', exitCode: 0 }])
    expect(usage?.cpuMs).toBeGreaterThan(20)
    expect(usage?.memoryBytesPeak).toBeGreaterThan(20 * MIB)
    expect(usage?.processesPeak).toBeGreaterThan(5)
  })
})
