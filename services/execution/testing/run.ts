import { text } from 'node:stream/consumers'
import type { Exit, Isolation, LaunchSpec } from '../isolation/port.ts'

export interface Ended extends Exit {
  stdout: string
  stderr: string
  result: string
}

/** Runs a shell script in a sandbox to its end. */
export async function runIn(
  isolation: Isolation,
  script: string,
  spec: Omit<LaunchSpec, 'argv'> = {},
  ...args: string[]
): Promise<Ended> {
  const sandbox = isolation.launch({ ...spec, argv: ['/bin/sh', '-c', script, 'sh', ...args] })
  sandbox.stdin.end()
  const [exit, stdout, stderr, result] = await Promise.all([
    sandbox.exited,
    text(sandbox.stdout),
    text(sandbox.stderr),
    text(sandbox.result),
  ])
  return { ...exit, stdout, stderr, result }
}
