import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  id: string
  headers: Record<string, string>
  body: string
  event: { id: string; type: string; subject?: string; data: { run?: Record<string, unknown> } }
}

/** A receiver of webhooks on this machine. */
export interface Receiver {
  url: string
  received: Received[]
  close(): void
}

/** @param answer what it does with what it got; 204 when absent */
export async function startReceiver(
  answer: (response: ServerResponse, received: Received, request: IncomingMessage) => unknown = (response) =>
    response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const headers = request.headers as Record<string, string>
    const one = { id: headers['webhook-id'] ?? '', headers, body, event: JSON.parse(body) }
    received.push(one)
    answer(response, one, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
