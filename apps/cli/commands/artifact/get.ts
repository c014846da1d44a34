import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { CliError, EXIT, usageError } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { printable } from '../../output/style.ts'
import type { AddCommand } from '../../shell.ts'
import { digestIn, uploadOf } from './which.ts'

export const addGet: AddCommand = (artifact, shell) =>
  void artifact
    .command('get')
    .argument('<run>', 'id of the run; or the digest of a file that was handed over, alone')
    .argument('[digest]', 'its digest, or the beginning of it')
    .option('-o, --output <file>', 'file to write (default: the digest)')
    .description('fetch an artifact and check it')
    .action(async (first: string, second: string | undefined, { output }: { output?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const runId = second === undefined ? undefined : runIdOf(first)
        const api = await client()
        const digest =
          runId === undefined ? (await uploadOf(api, first)).digest : await digestIn(api, runId, second ?? '')
        const file = output ?? digest
        await assertWritable(file)
        await write(runId === undefined ? await api.upload(digest) : await api.artifact(runId, digest), digest, file)
        screen.show(
          { ...(runId !== undefined && { runId }), digest, file },
          () => `${screen.style.good('✓')} ${printable(file)} has the digest ${digest}`,
        )
        return EXIT.ok
      })
    })

async function assertWritable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory()) throw usageError(`${file} is a folder`, 'Name a file in it with -o.')
}

/** The file appears when it is whole and checked. */
async function write(content: ReadableStream<Uint8Array>, digest: string, file: string): Promise<void> {
  const hash = createHash('sha256')
  const draft = `${file}.part`
  try {
    await pipeline(arriving(content, hash), createWriteStream(draft)).catch((thrown: Error) => {
      throw thrown instanceof CliError ? thrown : unwritable(file, thrown)
    })
    if (hash.digest('hex') !== digest)
      throw new CliError(EXIT.unverified, 'artifact_altered', 'what the server sent has another digest')
    await rename(draft, file).catch((thrown: Error) => {
      throw unwritable(file, thrown)
    })
  } finally {
    await rm(draft, { force: true })
  }
}

async function* arriving(content: ReadableStream<Uint8Array>, hash: ReturnType<typeof createHash>) {
  try {
    for await (const chunk of content) {
      hash.update(chunk)
      yield chunk
    }
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new CliError(EXIT.unreachable, 'unreachable', `the connection broke: ${why}`, 'Run the command again.')
  }
}

const unwritable = (file: string, { message }: Error): CliError =>
  usageError(`${file} can't be written: ${message}`, 'Name another file with -o.')
