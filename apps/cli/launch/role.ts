import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CliError } from '../exit.ts'
import { SERVER_PROGRAM, WITNESS_PROGRAM } from './paths.ts'

export type Role = 'up' | 'server' | 'node'

/** Runs the server program in this terminal until it ends; answers its exit code. Rejects when it is killed. */
export const runRole = (role: Role, flags: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  runProgram(role === 'node' ? 'the node' : 'the server', [SERVER_PROGRAM, role, ...flags], env)

/** The same with the witness program. */
export const runWitness = (task: 'run' | 'status', flags: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  runProgram('the witness', [WITNESS_PROGRAM, task, ...flags], env)

/** Rejects with exit code 128 + n when signal n ended it, unless that was passed on from here. */
export function runProgram(what: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env })
  let passed = false
  const pass = (signal: NodeJS.Signals): void => {
    passed = true
    child.kill(signal)
  }
  const passInterrupt = (): void => {
    // A terminal sends Ctrl-C to the child too, and a second one would mean "at once".
    if (!process.stdin.isTTY) pass('SIGINT')
  }
  process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', passInterrupt)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const exit = code ?? 128 + (signal ? constants.signals[signal] : 0)
      if (signal === null || passed) resolve(exit)
      else
        reject(
          new CliError(exit, 'killed', `${what} was ended by ${signal}`, 'Start it again: it goes on where it was.'),
        )
    })
  }).finally(() => process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', passInterrupt))
}
