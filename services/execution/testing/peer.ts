import { once } from 'node:events'
import type { FromNode, NodeHello, Outcome, PerformRequest, ToNode } from '@azora/contracts'
import { NODE_PROTOCOL } from '@azora/contracts'
import { WebSocket } from 'ws'
import { requestsIn } from '../node/perform-message.ts'

/** The far end of a connection of a node, which says what a test wants it to. */
export interface Peer {
  socket: WebSocket
  say(message: FromNode | object | string): void
  /** The next message that wasn't asked for yet. */
  hear(): Promise<ToNode>
  hearRequest(): Promise<PerformRequest>
}

export const helloOf = (changes: Partial<NodeHello> = {}): NodeHello => ({
  type: 'hello',
  node: 'peer',
  instance: 'instance-1',
  shard: 'main',
  capacity: 1,
  isolation: 'none',
  version: '0.0.0',
  ...changes,
})

/** @param as name of the principal whose token it has */
export async function dialAsNode(
  url: string,
  hello: Partial<NodeHello> | null = {},
  as = hello?.node ?? 'peer',
): Promise<Peer> {
  const socket = new WebSocket(`${url}/?as=${as}`, NODE_PROTOCOL)
  const heard: ToNode[] = []
  /** Of the message with requests that was heard last. */
  const requests: PerformRequest[] = []
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
      const message = requests.length > 0 ? undefined : await peer.hear()
      if (message?.type === 'perform') requests.push(...requestsIn(message))
      const next = requests.shift()
      if (next) return next
      throw new TypeError(`expected a request, heard ${message?.type}`)
    },
  }
  await once(socket, 'open')
  if (hello) peer.say(helloOf(hello))
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
