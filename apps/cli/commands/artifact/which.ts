import { Digest, type UploadView } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import { CliError, EXIT, usageError } from '../../exit.ts'
import { artifactsOf } from './list.ts'

const PREFIX = /^[0-9a-f]{1,64}$/

/** An upload by its digest or the beginning of it. */
export async function uploadOf(api: Client, given: string): Promise<UploadView> {
  return theOne(await api.uploads(), given, 'no file that was handed over', 'azora artifact list shows them.')
}

/** A run's artifact by its digest or the beginning of it; how large it is where that was looked up. */
export async function artifactIn(
  api: Client,
  runId: string,
  given: string,
): Promise<{ digest: string; bytes?: number }> {
  if (Digest.safeParse(given).success) return { digest: given }
  const items = artifactsOf(await api.run(runId))
  return theOne(items, given, 'no artifact of the run', `azora artifact list ${runId} shows them.`)
}

function theOne<T extends { digest: string }>(items: readonly T[], given: string, none: string, remedy: string): T {
  const prefix = given.toLowerCase()
  if (!PREFIX.test(prefix)) throw usageError(`${given} is no digest`, remedy)
  const found = new Map(items.filter(({ digest }) => digest.startsWith(prefix)).map((item) => [item.digest, item]))
  const [only, another] = found.values()
  if (!only) throw new CliError(EXIT.missing, 'artifact_not_found', `${none} begins with ${given}`, remedy)
  if (another) throw usageError(`more than one begins with ${given}`, remedy)
  return only
}
