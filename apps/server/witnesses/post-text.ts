import { toAzoraError } from '@azora/base'

export interface TextAnswer {
  status: number
  type: string | null
  body: string
}

const ANSWER_MS_MAX = 2_000
const ANSWER_BYTES_MAX = 16 * 1024

/** Posts a text and reads a short answer, in two seconds at most. Redirects are not followed. Never rejects. */
export async function postText(url: string, body: string): Promise<TextAnswer | { failure: string }> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX)
    const response = await fetch(url, { method: 'POST', body, signal, redirect: 'manual' })
    const text = await shortText(response)
    if (text === undefined) return { failure: 'its answer is too long' }
    return { status: response.status, type: response.headers.get('content-type'), body: text }
  } catch (thrown) {
    return { failure: reasonOf(thrown) }
  }
}

async function shortText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    // Leaving the loop cancels the rest.
    if (bytes > ANSWER_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  return toAzoraError(cause).message || 'there is no connection'
}
