import { readFile } from 'node:fs/promises'
import { createFileShelf, temporaryFolder } from '../audit-log/shelf.ts'
import { lockState, readState, writeState } from '../audit-log/state.ts'
import { type LogReport, verifyLog } from '../audit-log/verify.ts'
import { EXIT, type ExitCode, usageError } from '../exit.ts'
import { unreadable } from '../files.ts'
import { logText, progressText } from '../output/log-audit.ts'
import { createProgress } from '../output/progress.ts'
import type { Session } from '../session.ts'

export interface LogOptions {
  /** File of a checkpoint that was kept. */
  checkpoint?: string
  /** Folder that keeps how far the log was verified. */
  state?: string
}

const SHARD = 'main'

/** `azora audit verify` without a file: the whole live log. */
export async function verifyLiveLog(
  session: Session,
  trustedKey: string | undefined,
  options: LogOptions,
): Promise<ExitCode> {
  const client = await session.client()
  const kept = options.checkpoint === undefined ? undefined : await noteIn(options.checkpoint)
  const { state: folder } = options
  const { screen } = session
  const progress = screen.live || screen.json ? createProgress(screen) : undefined
  const audit = {
    client,
    shard: SHARD,
    signal: new AbortController().signal,
    trustedKey,
    kept,
    onProgress: (at: Parameters<typeof progressText>[0]) => progress?.stage(progressText(at)),
  }
  const report = folder === undefined ? await once(audit) : await resumed(audit, folder)
  progress?.done()
  screen.show(report, () => logText(screen.style, report))
  return report.verified ? EXIT.ok : EXIT.unverified
}

type Audit = Omit<Parameters<typeof verifyLog>[0], 'shelf' | 'state'>

async function once(audit: Audit): Promise<LogReport> {
  const folder = temporaryFolder()
  try {
    return (await verifyLog({ ...audit, shelf: createFileShelf(folder.path) })).report
  } finally {
    folder.remove()
  }
}

/** Goes on from what the folder keeps, and keeps what is verified now. */
async function resumed(audit: Audit, folder: string): Promise<LogReport> {
  const unlock = await lockState(folder)
  try {
    const state = await readState(folder)
    const { report, position } = await verifyLog({ ...audit, state, shelf: createFileShelf(folder) })
    if (position) await writeState(folder, { checkpoint: report.checkpoint, position })
    return report
  } finally {
    await unlock()
  }
}

export function assertNoLogOptions({ checkpoint, state }: LogOptions): void {
  if (checkpoint === undefined && state === undefined) return
  throw usageError('--checkpoint and --state are about the whole log', 'Leave out the file, or these options.')
}

const noteIn = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((thrown) => {
    throw unreadable(file, thrown)
  })
