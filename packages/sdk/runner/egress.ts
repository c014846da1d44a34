import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'

const MAX_CONNECTIONS = 256
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']

/**
 * Listens on a free loopback port and carries each connection to the proxy behind the Unix socket, the sandbox's only
 * way out. The proxy decides what may be reached.
 */
async function startRelay(socketPath: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect({ path: socketPath, allowHalfOpen: true })
    inner.on('error', () => outer.destroy())
    outer.on('error', (error) => {
      console.error(`egress: ${error.message}`)
      inner.destroy()
    })
    inner.pipe(outer).pipe(inner)
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Starts a relay and tells this process and its children to use it. Their own idea of exceptions is dropped. */
export async function routeThrough(socketPath: string, env: NodeJS.ProcessEnv): Promise<Server> {
  const server = await startRelay(socketPath)
  const { port } = server.address() as AddressInfo
  for (const name of PROXY_VARIABLES) env[name] = `http://127.0.0.1:${port}`
  delete env.NO_PROXY
  delete env.no_proxy
  server.unref()
  return server
}
