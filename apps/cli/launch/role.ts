import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { SERVER_PROGRAM, WITNESS_PROGRAM } from './paths.ts'

export type Role = 'up' | 'server' | 'node'

/** Runs the server program in this terminal until it ends; answers its exit code, 128 + n after signal n. */
export const runRole = (role: Role, flags: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  runProgram([SERVER_PROGRAM, role, ...flags], env)

/** The same with the witness program. */
export const runWitness = (task: 'run' | 'status', flags: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  runProgram([WITNESS_PROGRAM, task, ...flags], env)

function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  const passInterrupt = (): void => {
    // A terminal sends Ctrl-C to the child too, and a second one would mean "at once".
    if (!process.stdin.isTTY) child.kill('SIGINT')
  }
  process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', passInterrupt)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  }).finally(() => process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', passInterrupt))
}
