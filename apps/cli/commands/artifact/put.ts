import { ARTIFACT_BYTES_MAX, UPLOAD_DAYS } from '@azora/contracts'
import { type Client, UnreachableError } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT } from '../../exit.ts'
import { createMeter } from '../../output/meter.ts'
import type { Screen } from '../../output/screen.ts'
import { printable } from '../../output/style.ts'
import { bytes, time } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'
import { type OpenFile, openFile } from './file.ts'

const EXAMPLES = `
Examples:
  $ azora artifact put data.csv
  $ azora artifact put data.csv --json | jq -c .input

What the server has already, and keeps for half of its ${UPLOAD_DAYS} days at least, isn't sent again.`

/** What is there for less long is sent again, for all of its days. */
const LEFT_MS = (UPLOAD_DAYS * 86_400_000) / 2

export const addPut: AddCommand = (artifact, shell) =>
  void artifact
    .command('put')
    .argument('<file>', `file of at most ${ARTIFACT_BYTES_MAX / 1024 ** 2} MiB`)
    .description('hand a file over, for inputs to name by its digest')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const file = await openFile(path)
        const { digest, content } = file
        const name = printable(path)
        const api = await client()
        const until = await keptUntil(api, digest, Date.now())
        if (until === undefined) await send(api, screen, name, file)
        const kept =
          until === undefined ? `can be named for ${UPLOAD_DAYS} days` : `is there already, until ${time(until)} UTC`
        const input = { $artifact: digest }
        screen.show({ digest, bytes: content.size, input, sent: until === undefined }, () =>
          [
            `${screen.style.good('✓')} ${name}, ${bytes(content.size)}, ${kept}`,
            `  inputs name it as ${JSON.stringify(input)}`,
          ].join('\n'),
        )
        return EXIT.ok
      })
    })

/** Until when the server has it already; undefined when it has to be sent. */
async function keptUntil(api: Client, digest: string, nowMs: number): Promise<string | undefined> {
  const until = (await api.uploads()).find((upload) => upload.digest === digest)?.until
  return until !== undefined && Date.parse(until) - nowMs >= LEFT_MS ? until : undefined
}

async function send(api: Client, screen: Screen, name: string, file: OpenFile): Promise<void> {
  const { digest, content } = file
  const meter = createMeter(screen, `sending ${name}`, content.size)
  let sent = 0
  const onSent = (count: number): void => {
    sent = count
    meter.at(count)
  }
  try {
    await api.putArtifact(digest, content, { onSent })
  } catch (thrown) {
    await file.assertUnchanged()
    if (!(thrown instanceof UnreachableError)) throw thrown
    const message = `${thrown.message}, after ${bytes(sent)} of ${bytes(content.size)}`
    const remedy =
      'Nothing of it was kept. Run the command again when the server answers: it is sent from its beginning.'
    throw new CliError(EXIT.unreachable, 'unreachable', message, remedy)
  } finally {
    meter.done()
  }
}
