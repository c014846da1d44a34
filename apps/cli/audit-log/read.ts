import { ExportError, type Flaw, type Frame, type LogVerifier, readFrames } from '@azora/audit'
import { type Client, UnreachableError } from '@azora/sdk/client'

/** What an export begins with. */
export type Start = Extract<Frame, { type: 'start' }>

export interface LogSource {
  client: Pick<Client, 'exportJournal'>
  shard: string
  signal: AbortSignal
}

export interface Reader {
  /** Called once, with what the export leads to. */
  begin(start: Start): { verifier: LogVerifier; size: number } | Flaw
  /** Called now and then with the number of entries that were looked at. */
  onProgress(size: number): void
}

const TRIES = 5
const PAUSE_MS = 1_000
const PROGRESS_MS = 500

/**
 * Gives a log to a verifier as it comes, over as many connections as it takes, up to the checkpoint that the first one
 * began with. Resolves with the first flaw. Rejects when the server stays away or answers something else.
 *
 * @param from index of the first entry
 */
export async function readLog(
  { client, shard, signal }: LogSource,
  from: number,
  reader: Reader,
): Promise<Flaw | undefined> {
  let begun: { verifier: LogVerifier; size: number } | undefined
  let at = from
  let told = 0
  let failures = 0

  function take(frame: Frame): Flaw | 'end' | undefined {
    if (frame.type === 'start') {
      if (begun) return undefined
      const answer = reader.begin(frame)
      if ('code' in answer) return answer
      begun = answer
      return undefined
    }
    if (!begun) throw new ExportError('the export does not begin with a checkpoint')
    if (frame.type === 'node') return begun.verifier.addNode(frame)
    if (frame.type === 'entry') {
      const flaw = begun.verifier.addEntry(frame)
      at += 1
      return flaw
    }
    if (at >= begun.size) return 'end'
    return {
      code: 'entry_missing',
      index: at,
      what: `it is missing: the log ends before it, although a checkpoint of ${begun.size} entries was published`,
    }
  }

  for (;;) {
    const before = at
    try {
      const range = { from: at, signal, ...(begun && { to: begun.size }) }
      for await (const frames of readFrames(client.exportJournal(shard, range))) {
        for (const frame of frames) {
          const result = take(frame)
          if (result) return result === 'end' ? undefined : result
        }
        if (performance.now() - told < PROGRESS_MS) continue
        told = performance.now()
        reader.onProgress(at)
      }
      throw new ExportError('the export ends without its end')
    } catch (thrown) {
      // A connection that breaks ends the stream anywhere, within a frame too.
      if (signal.aborted || !(thrown instanceof UnreachableError || thrown instanceof ExportError)) throw thrown
      failures = at > before ? 1 : failures + 1
      if (failures >= TRIES) throw thrown
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
