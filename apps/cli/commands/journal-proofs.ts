import { writeFile } from 'node:fs/promises'
import {
  type Checkpoint,
  formatTilePath,
  isProvedBy,
  openCheckpoint,
  parseCheckpoint,
  parseHashTile,
  parseNote,
  parseTlogProof,
  parseVerifier,
  TILE_WIDTH,
  type TilePath,
  tileWidth,
  toBase64,
} from '@azora/proof'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT, usageError } from '../exit.ts'
import { countOf } from '../inputs.ts'
import type { AddCommand } from '../shell.ts'

const CHECKPOINT_EXAMPLES = `
Examples:
  $ azora journal checkpoint
  $ azora journal checkpoint -o friday.checkpoint
  $ azora journal checkpoint --json | jq .size

Keep one, or give it to somebody: that the log still begins with what it covers can be proved at any time later.`

const PROVE_EXAMPLES = `
Examples:
  $ azora journal prove 1042
  $ azora journal prove 1042 -o 1042.tlog-proof

The proof is a C2SP tlog-proof: where the entry is in the log, up to a checkpoint that the log has signed. It is checked
here with the key of the local journal.`

interface Options {
  shard: string
  output?: string
}

/** `journal checkpoint` */
export const addCheckpoint: AddCommand = (parent, shell) => {
  parent
    .command('checkpoint')
    .option('--shard <name>', 'journal shard', 'main')
    .option('-o, --output <file>', 'where to write it (default: on screen)')
    .description('show the newest public checkpoint: what the log promises')
    .addHelpText('after', CHECKPOINT_EXAMPLES)
    .action(async ({ shard, output }: Options, self: Command) => {
      await shell.perform(self, async ({ client, screen, trustedKey }) => {
        const note = await (await client()).checkpoint(shard)
        const key = await trustedKey()
        const { origin, size, root } = opened(note, key)
        const signers = parseNote(note)?.signatures.map(({ name }) => name)
        await write(output, note)
        const view = { origin, size, root: toBase64(root), signers, trusted: key !== undefined }
        screen.show({ ...view, ...(output === undefined ? { note } : { file: output }) }, () =>
          output === undefined ? note.trimEnd() : `${size} entries; written to ${output}`,
        )
        return EXIT.ok
      })
    })
}

/** `journal prove` */
export const addProve: AddCommand = (parent, shell) => {
  parent
    .command('prove')
    .argument('<index>', 'index of the entry')
    .option('--shard <name>', 'journal shard', 'main')
    .option('-o, --output <file>', 'where to write the proof (default: on screen)')
    .description('prove that an entry is in the log, to anybody who has its header')
    .addHelpText('after', PROVE_EXAMPLES)
    .action(async (given: string, { shard, output }: Options, self: Command) => {
      await shell.perform(self, async ({ client, screen, trustedKey }) => {
        const index = countOf(given, 'the index', Number.MAX_SAFE_INTEGER)
        const api = await client()
        const text = await api.entryProof(shard, index)
        const key = await trustedKey()
        const proof = parseTlogProof(text)
        const checkpoint = opened(proof?.checkpoint ?? '', key)
        const leaf = await leafAt(api, shard, index, checkpoint)
        if (proof?.index !== index || !leaf || !isProvedBy(proof, leaf, checkpoint))
          throw unverified(`the proof does not lead from entry ${index} to the checkpoint`)
        await write(output, text)
        const view = { index, size: checkpoint.size, leaf: toBase64(leaf), verified: true, trusted: key !== undefined }
        screen.show({ ...view, ...(output === undefined ? { proof: text } : { file: output }) }, () =>
          output === undefined ? text.trimEnd() : `entry ${index} is one of ${checkpoint.size}; written to ${output}`,
        )
        return EXIT.ok
      })
    })
}

/** The checkpoint in a note, signed by the trusted key where there is one. */
function opened(note: string, key: string | undefined): Checkpoint {
  const verifier = key === undefined ? undefined : parseVerifier(key)
  const checkpoint = verifier ? openCheckpoint(note, verifier) : parseCheckpoint(parseNote(note)?.text ?? '')
  if (checkpoint) return checkpoint
  throw unverified(verifier ? 'the checkpoint is not signed by the journal’s key' : 'the checkpoint is malformed')
}

/** The entry's leaf as the tiles have it. */
async function leafAt(
  api: Client,
  shard: string,
  index: number,
  { size }: Checkpoint,
): Promise<Uint8Array | undefined> {
  const at: Pick<TilePath, 'level' | 'index'> = { level: 0, index: Math.floor(index / TILE_WIDTH) }
  const width = tileWidth(at, size)
  if (width === 0) return undefined
  return parseHashTile(await api.tile(shard, formatTilePath({ ...at, width })), width)?.[index % TILE_WIDTH]
}

async function write(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) return
  await writeFile(file, text).catch((error: Error) => {
    throw usageError(`${file} can't be written: ${error.message}`, 'Name another file with -o.')
  })
}

const unverified = (message: string): CliError =>
  new CliError(EXIT.unverified, 'unverified', message, 'Keep the answer as evidence, and ask who runs the server.')
