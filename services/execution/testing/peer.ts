import { once } from 'node:events'
import type { FromNode, Outcome, PerformRequest, ToNode } from '@azora/contracts'
import { WebSocket } from 'ws'

/** The far end of a connection of a node, which says what a test wants it to. */
export interface Peer {
  socket: WebSocket
  say(message: FromNode | object | string): void
  /** The next message that wasn't asked for yet. */
  hear(): Promise<ToNode>
  hearRequest(): Promise<PerformRequest>
}

export async function dialAsNode(url: string, hello: { node?: string; capacity?: number } | null = {}): Promise<Peer> {
  const socket = new WebSocket(url)
  const heard: ToNode[] = []
  let wake = (): void => {}
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)))
    wake()
  })
  const peer: Peer = {
    socket,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async hear() {
      for (;;) {
        const next = heard.shift()
        if (next) return next
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    async hearRequest() {
      const message = await peer.hear()
      if (message.type === 'perform') return message
      throw new TypeError(`expected a request, heard ${message.type}`)
    },
  }
  await once(socket, 'open')
  if (hello) peer.say({ type: 'hello', node: 'peer', capacity: 1, isolation: 'none', ...hello })
  return peer
}

export const anOutcome = (changes: Partial<Outcome> = {}): Outcome => ({
  state: 'succeeded',
  output: { done: true },
  durationMs: 1,
  log: '',
  node: 'peer',
  isolation: 'none',
  ...changes,
})
