import {
  createLogVerifier,
  type Flaw,
  type LogPosition,
  type LogVerifier,
  openSigned,
  type RunShelf,
  startOf,
} from '@azora/audit'
import { type Checkpoint, EMPTY_ROOT, parseCheckpoint, parseNote } from '@azora/proof'
import { ApiError } from '@azora/sdk/client'
import { type LogSource, readLog, type Start } from './read.ts'
import type { KeptState } from './state.ts'

export interface LogAudit extends LogSource {
  trustedKey?: string | undefined
  /** A checkpoint that somebody kept: a C2SP signed note. */
  kept?: string | undefined
  /** Where to go on. */
  state?: KeptState | undefined
  shelf: RunShelf
  onProgress(progress: LogProgress): void
}

export interface LogProgress {
  /** Entries that were looked at, and how many there are to look at. */
  done: number
  of: number
  seconds: number
}

export interface LogReport {
  verified: boolean
  /** Whether there was a key to trust. */
  trusted: boolean
  origin: string
  size: number
  /** Index of the first entry that was looked at. */
  from: number
  /** Runs that began, and payloads that were erased, among the entries looked at. */
  runs: number
  erased: number
  seconds: number
  entriesPerSecond: number
  /** The note up to which the log was verified. */
  checkpoint: string
  flaw?: Flaw
}

interface Found {
  report: LogReport
  /** To go on from; undefined when there is a flaw. */
  position: LogPosition | undefined
}

/** A checkpoint becomes public within a second. */
const PUBLISHED_MS = 1_500
const ERASURE_LOOKS = 2

/** Verifies the live log up to its newest public checkpoint. */
export async function verifyLog(audit: LogAudit): Promise<Found> {
  const { state, trustedKey, kept } = audit
  const from = state?.position.size ?? 0
  const startedMs = performance.now()
  const seconds = (): number => (performance.now() - startedMs) / 1000
  let start: Start | undefined
  let verifier: LogVerifier | undefined
  let head: Checkpoint = { origin: state?.position.origin ?? '', size: from, root: EMPTY_ROOT }

  const read = (first: number): Promise<Flaw | undefined> =>
    readLog(audit, first, {
      begin(frame) {
        const opened = headOf(frame.checkpoint)
        if ('code' in opened) return opened
        const flaw = flawInOrigins(opened, audit)
        if (flaw) return flaw
        start = frame
        head = opened
        verifier ??= createLogVerifier({
          from: state?.position ?? startOf(opened.origin),
          shelf: audit.shelf,
          earlier: kept === undefined ? [] : [headOf(kept) as Checkpoint],
        })
        return { verifier, size: opened.size }
      },
      onProgress: (size) => audit.onProgress({ done: size - from, of: head.size - from, seconds: seconds() }),
    }).catch((thrown) => {
      if (from > 0 && thrown instanceof ApiError && thrown.problem.code === 'range_invalid') return shorter(from)
      throw thrown
    })

  const flawInLog = async (): Promise<Flaw | undefined> => {
    let flaw = await read(from)
    if (flaw || !verifier || !start) return flaw
    flaw = await verifier.finish(head.root)
    for (let more = 0; flaw?.code === 'payload_missing' && more < ERASURE_LOOKS; more += 1) {
      // What was erased while the log was read is accounted for behind the checkpoint of the start.
      await new Promise((resolve) => setTimeout(resolve, PUBLISHED_MS))
      flaw = (await read(verifier.position().size)) ?? (await verifier.finish(head.root))
    }
    return flaw ?? flawInSignatures(start, verifier.position(), { trustedKey, kept })
  }

  const flaw = await flawInLog()
  const { runs, erased } = verifier?.counts() ?? { runs: 0, erased: 0 }
  const took = seconds()
  const report: LogReport = {
    verified: flaw === undefined,
    trusted: trustedKey !== undefined,
    origin: head.origin,
    size: head.size,
    from,
    runs,
    erased,
    seconds: Math.round(took * 1000) / 1000,
    entriesPerSecond: Math.round((head.size - from) / took),
    checkpoint: start?.checkpoint ?? '',
    ...(flaw && { flaw }),
  }
  return { report, position: flaw ? undefined : verifier?.position() }
}

/** All that was given has to be of the log that the server shows. */
function flawInOrigins({ origin }: Checkpoint, { state, kept }: LogAudit): Flaw | undefined {
  if (state && state.position.origin !== origin) return otherLog(state.position.origin, origin)
  const earlier = kept === undefined ? undefined : headOf(kept)
  if (!earlier) return undefined
  if ('code' in earlier) return { ...earlier, what: `of the kept checkpoint: ${earlier.what}` }
  return earlier.origin === origin ? undefined : otherLog(earlier.origin, origin)
}

function flawInSignatures(
  { checkpoint, keys }: Start,
  { chain }: LogPosition,
  { trustedKey, kept }: Pick<LogAudit, 'trustedKey' | 'kept'>,
): Flaw | undefined {
  const authority = { chain, keys, trustedKey }
  const opened = openSigned(checkpoint, authority, false)
  if ('code' in opened) return opened
  if (kept === undefined) return undefined
  const keptOpened = openSigned(kept, authority, true)
  return 'code' in keptOpened ? { ...keptOpened, what: `of the kept checkpoint: ${keptOpened.what}` } : undefined
}

/** What a note says before it is known who signed it; its signatures are checked once the log's keys are known. */
function headOf(note: string): Checkpoint | Flaw {
  const text = parseNote(note)?.text
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text)
  return checkpoint ?? { code: 'signature_invalid', what: 'it is not a signed checkpoint' }
}

const otherLog = (kept: string, now: string): Flaw => ({
  code: 'log_rewritten',
  what: `what was kept is of the log ${kept}, but this is the log ${now}`,
})

const shorter = (size: number): Flaw => ({
  code: 'log_truncated',
  what: `${size} entries were verified before, but the log has fewer now: its tail was cut off, or it is another log`,
})
