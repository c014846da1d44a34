import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runCli } from '../program.ts'

export interface CliResult {
  exit: number
  stdout: string
  stderr: string
}

/** One command line in this process, without colours. */
export async function cli(...args: string[]): Promise<CliResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const exit = await runCli(args, { env: { NO_COLOR: '1' }, stdout, stderr })
  stdout.end()
  stderr.end()
  return { exit, stdout: await text(stdout), stderr: await text(stderr) }
}
