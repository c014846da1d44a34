import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { RunId } from '@azora/contracts'
import type { Command } from 'commander'
import { CliError, EXIT, usageError } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { createMeter } from '../../output/meter.ts'
import type { OutputStream, Screen } from '../../output/screen.ts'
import { printable } from '../../output/style.ts'
import type { AddCommand } from '../../shell.ts'
import { artifactIn, uploadOf } from './which.ts'

const EXAMPLES = `
Examples:
  $ azora artifact get RUN 9f86d081884c7d65 -o out.txt
  $ azora artifact get 9f86d081884c7d65 -o data.csv
  $ azora artifact get RUN 9f86d081884c7d65 -o - | less

A file appears when it is whole and has its digest; with -o - the digest is checked when everything was printed.`

export const addGet: AddCommand = (artifact, shell) =>
  void artifact
    .command('get')
    .argument('<run>', 'id of the run; or the digest of a file that was handed over, alone')
    .argument('[digest]', 'its digest, or the beginning of it')
    .option('-o, --output <file>', 'file to write, - for standard output (default: the digest)')
    .description('fetch an artifact and check it')
    .addHelpText('after', EXAMPLES)
    .action(async (first: string, second: string | undefined, { output }: { output?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const runId = second === undefined ? undefined : runIdOf(first)
        if (runId === undefined && RunId.safeParse(first).success)
          throw usageError('which artifact of the run is not said', `azora artifact list ${first} shows them.`)
        if (output === '-' && screen.json) throw usageError('-o - and --json exclude each other')
        const api = await client()
        const { digest, bytes } =
          runId === undefined ? await uploadOf(api, first) : await artifactIn(api, runId, second ?? '')
        const file = output ?? digest
        await assertWritable(file)
        const content = runId === undefined ? await api.upload(digest) : await api.artifact(runId, digest)
        const arriving = { screen, content, digest, bytes }
        if (file === '-') {
          await print(arriving, screen.stream)
          return EXIT.ok
        }
        await write(arriving, file)
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

interface Arriving {
  screen: Screen
  content: ReadableStream<Uint8Array>
  digest: string
  /** How much comes, where that is known. */
  bytes: number | undefined
}

/** The file appears when it is whole and checked. */
async function write(arriving: Arriving, file: string): Promise<void> {
  const hash = createHash('sha256')
  const draft = `${file}.part`
  try {
    await pipeline(chunksOf(arriving, hash), createWriteStream(draft)).catch((thrown: Error) => {
      throw thrown instanceof CliError ? thrown : unwritable(file, thrown)
    })
    assertDigest(hash, arriving.digest)
    await rename(draft, file).catch((thrown: Error) => {
      throw unwritable(file, thrown)
    })
  } finally {
    await rm(draft, { force: true })
  }
}

async function print(arriving: Arriving, to: OutputStream): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(chunksOf(arriving, hash), to, { end: false }).catch((thrown: NodeJS.ErrnoException) => {
    // Whoever reads may have seen enough.
    if (thrown.code !== 'EPIPE') throw thrown
    throw new CliError(EXIT.interrupted, 'interrupted', 'standard output was closed before everything was printed')
  })
  assertDigest(hash, arriving.digest)
}

function assertDigest(hash: Hash, digest: string): void {
  if (hash.digest('hex') === digest) return
  throw new CliError(EXIT.unverified, 'artifact_altered', 'what the server sent has another digest')
}

async function* chunksOf({ screen, content, digest, bytes }: Arriving, hash: Hash) {
  const meter = createMeter(screen, `fetching ${digest.slice(0, 16)}`, bytes)
  let arrived = 0
  try {
    for await (const chunk of content) {
      hash.update(chunk)
      arrived += chunk.byteLength
      meter.at(arrived)
      yield chunk
    }
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new CliError(EXIT.unreachable, 'unreachable', `the connection broke: ${why}`, 'Run the command again.')
  } finally {
    meter.done()
  }
}

const unwritable = (file: string, { message }: Error): CliError =>
  usageError(`${file} can't be written: ${message}`, 'Name another file with -o.')
