import { AnswerError, UnreachableError } from './errors.ts'
import type { Transport } from './transport.ts'

export interface ExportOptions {
  /** Index of the first entry; the start when absent. */
  from?: number
  /** Index behind the last entry; the size of the newest public checkpoint when absent. */
  to?: number
  signal?: AbortSignal
}

/** The bytes of an export of the log, as they come. */
export async function* journalExport(
  transport: Transport,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const response = await transport.stream(path, { accept: 'application/vnd.azora.journal-export' }, signal)
  const { body, url } = response
  if (!body) throw new AnswerError(url, 'it is empty')
  try {
    for await (const chunk of body) yield chunk
  } catch (error) {
    if (signal?.aborted) throw error
    throw new UnreachableError(url, error)
  }
}
