import type { Command } from 'commander'
import { complaintOf, EXIT, type ExitCode } from './exit.ts'
import { createScreen, type OutputStream } from './output/screen.ts'
import { createSession, type GlobalOptions, type Session } from './session.ts'

export interface Surroundings {
  env: NodeJS.ProcessEnv
  stdout: OutputStream
  stderr: OutputStream
}

export interface Shell {
  /** Runs a command's task and keeps its exit code; errors become a complaint and the exit code that they deserve. */
  perform(command: Command, task: (session: Session) => Promise<ExitCode>): Promise<void>
  exitCode(): ExitCode
}

/** Adds one command, or one group of them. */
export type AddCommand = (parent: Command, shell: Shell) => void

export function createShell({ env, stdout, stderr }: Surroundings): Shell {
  let exitCode: ExitCode = EXIT.ok
  return {
    exitCode: () => exitCode,
    async perform(command, task) {
      const options = command.optsWithGlobals<GlobalOptions>()
      const screen = createScreen({ stdout, stderr, env, json: options.json === true })
      try {
        exitCode = await task(createSession(options, env, screen))
      } catch (error) {
        const complaint = complaintOf(error)
        exitCode = complaint.exit
        screen.complain(complaint)
        if (env.AZORA_DEBUG === '1' && error instanceof Error) stderr.write(`${error.stack}\n`)
      }
    },
  }
}
