import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

/** What the steps of the peers do: as little as a step can. */
export default defineSkill({
  skillId: 'bench.next',
  version: '1.0.0',
  title: 'Next number',
  description: 'Answers the number that comes after a number.',
  input: z.strictObject({ count: z.int() }),
  output: z.strictObject({ count: z.int() }),
  effects: ['none'],
  idempotent: true,
  workspace: 'none',
  driver: 'pure',
  limits: { wallMs: 10_000, cpuMs: 5_000, memoryBytes: 134_217_728 },
  run: ({ count }) => ({ count: count + 1 }),
})
