import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { commandInput, commandReport, runInCheckout } from '../lib/command-skill.ts'

const MAX_TIMEOUT_MS = 900_000

export default defineSkill({
  skillId: 'lint.run',
  version: '1.1.1',
  title: 'Run a linter',
  description:
    'Runs the lint command of a checkout, without network. What the linter finds is a result, not a failure.',
  input: z.strictObject(commandInput({ defaultMs: 120_000, maxMs: MAX_TIMEOUT_MS })),
  output: z.strictObject(commandReport),
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
    const { output: _, ...report } = await runInCheckout(workspace, input)
    return report
  },
})
