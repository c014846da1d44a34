import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { limitsOf, type StatedLimits } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createIsolation } from '../isolation/bubblewrap.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { createDrivers, type Drivers } from './drivers.ts'

/** A function of its input in the language alone: every driver can run it. */
const SKILL = `
import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
const kept = []
export default defineSkill({
  skillId: 'test.play', version: '1.0.0', title: 'Play', description: 'Ends as it is told.',
  input: z.object({ play: z.string(), text: z.string().default('by default') }),
  output: z.json(),
  effects: ['none'], idempotent: true, workspace: 'none',
  run({ play, text }) {
    if (play === 'echo') return { text }
    if (play === 'later') return Promise.resolve(text).then((it) => it + '!')
    if (play === 'print') console.log('printed', text)
    if (play === 'fail') throw new SkillError('no_luck', 'it was not to be')
    if (play === 'throw') throw new RangeError('too far')
    if (play === 'remember') { kept.push(text); globalThis.kept = (globalThis.kept ?? 0) + 1; return [kept.length, globalThis.kept] }
    if (play === 'compute') for (;;) kept.length = 0
    if (play === 'grow') for (;;) kept.push(new Uint8Array(1e6).fill(1))
    if (play === 'recurse') { const again = () => 1 + again(); return again() }
    if (play === 'large') return 'x'.repeat(Number(text))
    if (play === 'world') return ['process', 'require', 'fetch', 'Deno', 'XMLHttpRequest'].filter((name) => name in globalThis)
    if (play === 'bad') return { when: 10n }
    return null
  },
})
`

let project: TestProject
let drivers: Drivers
let code: string

beforeAll(async () => {
  project = await createTestProject()
  code = await project.add('skills/play.skill.ts', SKILL)
  const isolation = await createIsolation({ projectRoot: project.root })
  drivers = createDrivers({ isolation, projectRoot: project.root, warmSlots: 2 })
})
afterAll(async () => {
  for (const driver of Object.values(drivers)) driver.close()
  await project.remove()
})

describe.each(['process', 'pure'] as const)('the %s driver', (name) => {
  const printed: string[] = []
  function perform(
    play: string,
    { text, limits, tenant = 'default' }: { text?: string; limits?: StatedLimits; tenant?: string } = {},
    signal = new AbortController().signal,
  ) {
    const job = {
      entrypoint: join(project.root, 'catalog/skills/play.skill.ts'),
      code,
      tenant,
      invocation: {
        input: { play, ...(text !== undefined && { text }) },
        context: { runId: randomUUID(), stepId: 's', idempotencyKey: 'k', workspace: '/workspace' },
      },
      limits: limitsOf({ wallMs: 20_000, ...limits }),
      shown: {},
    }
    return drivers[name].perform(job, signal, (_stream, chunk) => void printed.push(chunk.toString()))
  }

  it('answers what the skill answers, at once or later, with defaults', async () => {
    expect(await perform('echo')).toMatchObject({ output: { text: 'by default' }, ending: { by: 'itself' } })
    expect(await perform('later', { text: 'a\u2028"\\ü😀' })).toMatchObject({ output: 'a\u2028"\\ü😀!' })
  })

  it('tells how the skill fails', async () => {
    expect(await perform('fail')).toMatchObject({ error: { code: 'no_luck', message: 'it was not to be' } })
    expect(await perform('throw')).toMatchObject({ error: { code: 'skill_failed', message: 'too far' } })
    expect(await perform('recurse')).toMatchObject({ error: { code: 'skill_failed' } })
    expect(await perform('bad')).toMatchObject({ error: { code: 'output_invalid' } })
  })

  it('hands over what it prints', async () => {
    await perform('print', { text: 'hello' })
    await vi.waitFor(() => expect(printed.join('')).toContain('printed hello'))
  })

  it('keeps nothing of one action for another, nor of one tenant', async () => {
    for (const tenant of ['default', 'default', 'other'])
      expect(await perform('remember', { text: 'a', tenant })).toMatchObject({ output: [1, 1] })
  })

  it.each<[string, string, StatedLimits]>([
    ['compute', 'cpu', { cpuMs: 1_000 }],
    ['compute', 'wall', { wallMs: 1_500 }],
    ['grow', 'memory', { memoryBytes: 134_217_728 }],
  ])('ends what plays %s at the limit %s, and goes on', async (play, limit, limits) => {
    expect(await perform(play, { limits })).toMatchObject({
      error: { code: `limit_${limit}` },
      ending: { by: 'limit', breach: { limit } },
    })
    expect(await perform('echo')).toMatchObject({ output: { text: 'by default' } })
  })

  it('ends what answers too much', async () => {
    const limits = { outputBytes: 10_000 }
    expect(await perform('large', { text: '20000', limits })).toMatchObject({ error: { code: 'limit_output' } })
    expect(await perform('large', { text: '9000', limits })).toMatchObject({ output: 'x'.repeat(9_000) })
  })

  it('ends promptly when it is cancelled, before and while it runs', async () => {
    const cancelled = { error: { code: 'cancelled' }, ending: { by: 'cancel' } }
    for (const afterMs of [0, 600]) {
      const abort = new AbortController()
      setTimeout(() => abort.abort(), afterMs)
      const conclusion = await perform('compute', {}, abort.signal)
      expect(conclusion).toMatchObject(cancelled)
      expect(conclusion.ending?.goneAfterMs).toBeLessThan(5_000)
    }
  })

  it.runIf(name === 'pure')('has nothing of a system', async () => {
    expect(await perform('world')).toMatchObject({ output: [] })
  })
})
