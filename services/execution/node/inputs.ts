import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toAzoraError } from '@azora/base'
import type { Action, Failure } from '@azora/contracts'
import { artifactsIn } from '../artifacts/references.ts'
import type { FetchArtifact } from './fetch-artifact.ts'

/** Files with the artifacts that an action's input names, by digest; for its sandbox to read. */
export interface HeldInputs {
  files: Readonly<Record<string, string>>
  release(): Promise<void>
}

/** @param deps where files may lie that nobody but the node can change, and where artifacts come from */
export async function holdInputs(
  { spool, fetch }: { spool: string; fetch: FetchArtifact },
  { runId, input, driver }: Pick<Action, 'runId' | 'input' | 'driver'>,
  signal: AbortSignal,
): Promise<HeldInputs | { flaw: Failure }> {
  const files: Record<string, string> = {}
  const release = async (): Promise<void> => {
    for (const file of Object.values(files)) await rm(file, { force: true })
  }
  // What has no files to read has them by name only.
  const named = driver === 'pure' ? { digests: [] } : artifactsIn(input)
  if ('flaw' in named) return { flaw: { code: 'artifact_invalid', message: named.flaw } }
  for (const digest of named.digests) {
    const file = join(spool, `${randomUUID()}.input`)
    files[digest] = file
    const flaw = await fetch(runId, digest, file, signal).then(
      (found) => (found ? undefined : missing(digest)),
      notFetched,
    )
    if (!flaw) continue
    await release()
    return { flaw }
  }
  return { files, release }
}

const missing = (digest: string): Failure => ({
  code: 'artifact_missing',
  message: `the input names artifact ${digest}, which is neither of this run nor an upload; upload it: azora artifact put`,
})

const notFetched = (thrown: unknown): Failure => {
  const { code, message } = toAzoraError(thrown)
  return { code, message }
}
