import { type AddressInfo, createServer, connect as dial, type NetConnectOpts, type Socket } from 'node:net'

/** A line between two programs that can be cut. */
export interface Cuttable {
  port: number
  /** Breaks every connection, whatever is on its way; says how many. New ones are let through. */
  cut(): number
  stop(): Promise<void>
}

/** Listens on a free port of this machine, and passes on what comes. */
export async function startProxy(upstream: NetConnectOpts): Promise<Cuttable> {
  const lines = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial(upstream)
    lines.add(near)
    const end = (): void => {
      lines.delete(near)
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): number => {
    const open = [...lines]
    for (const line of open) line.resetAndDestroy()
    return open.length
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      cut()
      await closed
    },
  }
}
