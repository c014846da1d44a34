import { AbsolutePath } from '@azora/sdk'
import { z } from 'zod'
import { CommandState, runCommand } from './command.ts'
import { linkDependencies } from './dependencies.ts'
import { resolveDirectory, WorkspacePath } from './workspace-path.ts'

/** Input of a skill that runs one command in a checkout. */
export const commandInput = (timeout: { defaultMs: number; maxMs: number }) => ({
  directory: WorkspacePath.default('repo'),
  /** A command of the POSIX shell. */
  command: z.string().min(1).max(1000),
  timeoutMs: z.int().min(1000).max(timeout.maxMs).default(timeout.defaultMs),
  /** A `node_modules` folder of the host, for a checkout that has none. */
  dependencies: AbsolutePath.optional(),
})

/** Output of such a skill. */
export const commandReport = {
  command: z.string(),
  exitCode: z.int(),
  /** `failed` when the command ended with a failure of its own, such as a failing test. */
  state: CommandState,
  reason: z.string().optional(),
  durationMs: z.int(),
  /** The end of what the command printed, at most 4096 bytes. */
  tail: z.string(),
}

interface CommandCall {
  directory: string
  command: string
  timeoutMs: number
  dependencies?: string | undefined
}

/** Runs the command in the checkout, with the host's dependencies where it has none of its own. */
export async function runInCheckout(workspace: string, { directory, command, timeoutMs, dependencies }: CommandCall) {
  const checkout = await resolveDirectory(workspace, directory)
  if (dependencies !== undefined) await linkDependencies(checkout, dependencies)
  return runCommand(checkout, command, timeoutMs)
}
