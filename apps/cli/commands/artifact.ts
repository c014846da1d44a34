import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, openAsBlob } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Digest, type RunDetail } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT, usageError } from '../exit.ts'
import { runIdOf } from '../inputs.ts'
import { printable, type Style } from '../output/style.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora artifact put data.csv
  $ azora artifact list RUN
  $ azora artifact get RUN 9f86d081884c7d65 -o out.txt

The journal holds an artifact's digest; what is fetched is checked against it. A digest may be shortened as long as it is
clear which one is meant.`

/** What people hand over, and what the actions of a run left behind: files, and what they printed, byte for byte. */
export const addArtifact: AddCommand = (parent, shell) => {
  const artifact = parent
    .command('artifact')
    .description('hand over files, and fetch what actions left behind')
    .addHelpText('after', EXAMPLES)
  artifact
    .command('put')
    .argument('<file>', 'file of at most 256 MiB')
    .description('hand a file over, for inputs to name by its digest')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const { digest, content } = await openFile(file)
        await (await client()).putArtifact(digest, content)
        const input = { $artifact: digest }
        screen.show(
          { digest, bytes: content.size, input },
          () => `${screen.style.good('✓')} inputs name it as ${JSON.stringify(input)}`,
        )
        return EXIT.ok
      })
    })
  artifact
    .command('list')
    .argument('<run>', 'id of the run')
    .description('list what the actions of a run left behind')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = artifactsOf(await (await client()).run(runIdOf(run)))
        screen.show({ items }, () => artifactsText(screen.style, items))
        return EXIT.ok
      })
    })
  artifact
    .command('get')
    .argument('<run>', 'id of the run')
    .argument('<digest>', 'its digest, or the beginning of it')
    .option('-o, --output <file>', 'file to write (default: the digest)')
    .description('fetch an artifact and check it')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, digest: string, { output }: { output?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const runId = runIdOf(run)
        const wanted = await fullDigest(api, runId, digest)
        const file = output ?? wanted
        await download(api, runId, wanted, file)
        screen.show({ runId, digest: wanted, file }, () => `${screen.style.good('✓')} ${file} has the digest ${wanted}`)
        return EXIT.ok
      })
    })
}

interface Listed {
  stepId: string
  name: string
  bytes: number
  digest: string
}

const artifactsOf = ({ actions }: RunDetail): Listed[] =>
  actions.flatMap(({ stepId, artifacts = [] }) => artifacts.map((artifact) => ({ stepId, ...artifact })))

function artifactsText(style: Style, items: readonly Listed[]): string {
  if (items.length === 0) return 'its actions left nothing behind'
  return table(
    style,
    ['step', 'what', 'bytes', 'digest'],
    items.map(({ stepId, name, bytes, digest }) => [stepId, printable(name), String(bytes), digest]),
  )
}

async function openFile(file: string): Promise<{ digest: string; content: Blob }> {
  try {
    const hash = createHash('sha256')
    await pipeline(createReadStream(file), hash)
    return { digest: hash.digest('hex'), content: await openAsBlob(file) }
  } catch (thrown) {
    throw usageError(`the file can't be read: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
}

async function fullDigest(api: Client, runId: string, given: string): Promise<string> {
  if (Digest.safeParse(given).success) return given
  const found = artifactsOf(await api.run(runId)).filter(({ digest }) => digest.startsWith(given.toLowerCase()))
  const [only, another] = new Set(found.map(({ digest }) => digest))
  if (only !== undefined && another === undefined) return only
  throw usageError(
    only === undefined ? `the run has no artifact ${given}` : `more than one artifact begins with ${given}`,
    `azora artifact list ${runId} shows them.`,
  )
}

async function download(api: Client, runId: string, digest: string, file: string): Promise<void> {
  const hash = createHash('sha256')
  const draft = `${file}.part`
  try {
    const content = await api.artifact(runId, digest)
    await pipeline(
      Readable.fromWeb(content),
      async function* (chunks) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(draft),
    ).catch((error: Error) => {
      throw usageError(`${file} can't be written: ${error.message}`, 'Name another file with -o.')
    })
    if (hash.digest('hex') !== digest)
      throw new CliError(EXIT.unverified, 'artifact_altered', 'what the server sent has another digest')
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}
