import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { toAzoraError } from '@azora/base'
import { ARTIFACT_BYTES_MAX, type Artifact, type Failure } from '@azora/contracts'
import type { KeepArtifact } from './keep.ts'
import { openPlace, type Place } from './open-place.ts'
import { within } from './resources.ts'
import type { KeptFile } from './result.ts'

/**
 * Keeps files of a workspace that its skill named. Each is opened first and judged by where that led, so that no link leads out
 * of the workspace; the server refuses what has changed since its digest was taken.
 */
export async function keepFiles(
  keep: KeepArtifact,
  runId: string,
  workspace: string,
  files: readonly KeptFile[],
): Promise<{ artifacts: Artifact[] } | { flaw: Failure }> {
  const artifacts: Artifact[] = []
  for (const { name, path } of files) {
    const place = await openPlace(join(workspace, path))
    if (!place) return flawOf('artifact_invalid', `${path} to be kept does not exist`)
    try {
      const { size } = await place.handle.stat().then((stats) => (stats.isFile() ? stats : { size: -1 }))
      if (size < 0 || !within(place.real, workspace))
        return flawOf('artifact_invalid', `${path} to be kept is no file of the workspace`)
      if (size > ARTIFACT_BYTES_MAX)
        return flawOf('artifact_too_large', `${path} to be kept is larger than ${ARTIFACT_BYTES_MAX} bytes`)
      const file = pathOf(place)
      const artifact = { name, digest: await digestOf(file, size), bytes: size }
      await keep(runId, { artifact, file })
      artifacts.push(artifact)
    } catch (thrown) {
      return flawOf('artifact_not_kept', `${path} could not be kept: ${toAzoraError(thrown).message}`)
    } finally {
      await place.handle.close()
    }
  }
  return { artifacts }
}

/** A path to what is held open, whatever lies at its own path by now. */
const pathOf = ({ handle, real }: Place): string => (process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : real)

async function digestOf(file: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  if (size > 0) for await (const chunk of createReadStream(file, { end: size - 1 })) hash.update(chunk)
  return hash.digest('hex')
}

const flawOf = (code: string, message: string): { flaw: Failure } => ({
  flaw: { code, message: message.slice(0, 4_000) },
})
