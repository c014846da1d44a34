import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { commandInput, commandReport, runInCheckout } from '../lib/command-skill.ts'
import { countTests } from '../lib/test-counts.ts'

const MAX_TIMEOUT_MS = 1_800_000

export default defineSkill({
  skillId: 'tests.run',
  version: '1.1.1',
  title: 'Run tests',
  description:
    'Runs the test command of a checkout, without network. Tests that fail, take too long or lack a tool are results of this skill, not failures of it.',
  input: z.strictObject(commandInput({ defaultMs: 300_000, maxMs: MAX_TIMEOUT_MS })),
  output: z.strictObject({
    ...commandReport,
    /** Absent when the runner's summary is not recognised. */
    counts: z.strictObject({ passed: z.int(), failed: z.int() }).optional(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'write',
  resources: { read: ['/dependencies'] },
  limits: {
    wallMs: MAX_TIMEOUT_MS + 60_000,
    cpuMs: 7_200_000,
    memoryBytes: 4_294_967_296,
    processes: 4_096,
    tmpBytes: 2_147_483_648,
  },
  run: async (input, { workspace }) => {
    const { output, ...report } = await runInCheckout(workspace, input)
    const counts = countTests(output)
    return { ...report, ...(counts === undefined ? {} : { counts }) }
  },
})
