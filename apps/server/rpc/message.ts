import type { UniversalServerResponse } from '@connectrpc/connect/protocol'

const NAME = 'grpc-message'

/**
 * Leaves what needs no encoding in an error's message as it is. Connect encodes more, and the gRPC client of Node decodes
 * only what has to be encoded.
 */
export function withReadableMessage(response: UniversalServerResponse): UniversalServerResponse {
  const { body, trailer } = response
  if (!body || !trailer) return response
  async function* untilTrailer(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* bytes
    const message = trailer?.get(NAME)
    if (message) trailer?.set(NAME, encodeURI(decodeURIComponent(message)))
  }
  return { ...response, body: untilTrailer(body) }
}
