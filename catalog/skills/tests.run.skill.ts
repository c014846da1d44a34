import { AbsolutePath } from '@azora/contracts'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { CommandState, runCommand } from '../lib/command.ts'
import { linkDependencies } from '../lib/dependencies.ts'
import { countTests } from '../lib/test-counts.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_TIMEOUT_MS = 1_800_000

export default defineSkill({
  skillId: 'tests.run',
  version: '1.0.0',
  title: 'Run tests',
  description:
    'Runs the test command of a checkout, without network. Tests that fail, take too long or lack a tool are results of this skill, not failures of it.',
  input: z.strictObject({
    directory: WorkspacePath.default('repo'),
    /** A command of the POSIX shell. */
    command: z.string().min(1).max(1000),
    timeoutMs: z.int().min(1000).max(MAX_TIMEOUT_MS).default(300_000),
    /** A `node_modules` folder of the host, for a checkout that has none. */
    dependencies: AbsolutePath.optional(),
  }),
  output: z.strictObject({
    command: z.string(),
    exitCode: z.int(),
    state: CommandState,
    reason: z.string().optional(),
    durationMs: z.int(),
    /** The end of what the command printed, at most 4096 bytes. */
    tail: z.string(),
    /** Absent when the runner's summary is not recognised. */
    counts: z.strictObject({ passed: z.int(), failed: z.int() }).optional(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'write',
  resources: { read: ['/dependencies'] },
  limits: { wallMs: MAX_TIMEOUT_MS + 60_000 },
  run: async ({ directory, command, timeoutMs, dependencies }, { workspace }) => {
    const checkout = await resolveDirectory(workspace, directory)
    if (dependencies !== undefined) await linkDependencies(checkout, dependencies)
    const { output, ...report } = await runCommand(checkout, command, timeoutMs)
    const counts = countTests(output)
    return { ...report, ...(counts === undefined ? {} : { counts }) }
  },
})
