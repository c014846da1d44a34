import { AbsolutePath } from '@azora/contracts'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { CommandState, runCommand } from '../lib/command.ts'
import { linkDependencies } from '../lib/dependencies.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_TIMEOUT_MS = 900_000

export default defineSkill({
  skillId: 'lint.run',
  version: '1.0.0',
  title: 'Run a linter',
  description:
    'Runs the lint command of a checkout, without network. What the linter finds is a result, not a failure.',
  input: z.strictObject({
    directory: WorkspacePath.default('repo'),
    /** A command of the POSIX shell. */
    command: z.string().min(1).max(1000),
    timeoutMs: z.int().min(1000).max(MAX_TIMEOUT_MS).default(120_000),
    /** A `node_modules` folder of the host, for a checkout that has none. */
    dependencies: AbsolutePath.optional(),
  }),
  output: z.strictObject({
    command: z.string(),
    exitCode: z.int(),
    /** `failed` when the linter found something. */
    state: CommandState,
    reason: z.string().optional(),
    durationMs: z.int(),
    /** The end of what the command printed, at most 4096 bytes. */
    tail: z.string(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'write',
  resources: { read: ['/dependencies'] },
  limits: { wallMs: MAX_TIMEOUT_MS + 60_000 },
  run: async ({ directory, command, timeoutMs, dependencies }, { workspace }) => {
    const checkout = await resolveDirectory(workspace, directory)
    if (dependencies !== undefined) await linkDependencies(checkout, dependencies)
    const { output: _, ...report } = await runCommand(checkout, command, timeoutMs)
    return report
  },
})
