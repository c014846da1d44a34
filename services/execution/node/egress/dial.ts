import { connect, type Socket } from 'node:net'

const ADDRESSES_MAX = 4

/** Connects to the first of the addresses that answers: addresses that were checked, never a name. */
export async function dial(
  addresses: readonly string[],
  port: number,
  { connectMs, onSocket }: { connectMs: number; onSocket: (socket: Socket) => void },
): Promise<Socket | undefined> {
  for (const host of addresses.slice(0, ADDRESSES_MAX)) {
    const socket = connect({ host, port, timeout: connectMs, allowHalfOpen: true })
    onSocket(socket)
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('timeout', () => socket.destroy())
      socket.on('error', () => socket.destroy())
      socket.once('close', () => resolve(false))
    })
    if (connected) return socket
  }
  return undefined
}
