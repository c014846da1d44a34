import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { silentLog } from '@azora/base'
import { type WebSocket, WebSocketServer } from 'ws'
import { createDispatcher, type Dispatcher, type Refusal } from '../dispatch/dispatcher.ts'

/** A control plane without anything but a dispatcher and the door for nodes. */
export interface TestPlane {
  url: string
  dispatcher: Dispatcher
  refusals: Refusal[]
  /** The server's ends of the connections. */
  sockets: Set<WebSocket>
  close(): Promise<void>
}

/** @param recordRefusal called for each refusal; the answer waits for it */
export async function createTestPlane({
  port = 0,
  recordRefusal = async () => {},
}: {
  port?: number
  recordRefusal?: (refusal: Refusal) => Promise<void>
} = {}): Promise<TestPlane> {
  const refusals: Refusal[] = []
  const dispatcher = createDispatcher({
    log: silentLog,
    recordRefusal: (refusal) => {
      refusals.push(refusal)
      return recordRefusal(refusal)
    },
  })
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  const sockets = new Set<WebSocket>()
  server.on('connection', (socket, request) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    const name = new URL(request.url ?? '/', 'ws://plane').searchParams.get('as')
    dispatcher.attach(socket, `node:${name}`)
  })
  await once(server, 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dispatcher,
    refusals,
    sockets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.terminate()
        server.close(() => resolve())
      }),
  }
}
