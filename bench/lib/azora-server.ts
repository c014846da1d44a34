import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, localServer, ownerToken } from '@azora/sdk/client'

const MAIN = fileURLToPath(new URL('../../apps/server/main.ts', import.meta.url))
const START_MS_MAX = 120_000

/** Server and node, as `azora up` starts them, on the PostgreSQL of `DATABASE_URL`. */
export interface AzoraServer {
  url: string
  token: string
  /** Of the server, of which the node and all sandboxes descend. */
  pid: number
  stop(): Promise<void>
}

interface Place {
  /** A data directory that outlives the server; one that goes with it when absent. */
  kept?: string
  /** The program, of another checkout than this one. */
  main?: string
}

/** @param args beside `up`, such as `--capacity` */
export async function startAzora(args: readonly string[], { kept, main = MAIN }: Place = {}): Promise<AzoraServer> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'azora-bench-')))
  const flags = (process.env.AZORA_BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean)
  const argv = ['--disable-warning=ExperimentalWarning', ...flags, main, 'up', '--managed', '--port', '0']
  const child = spawn(process.execPath, [...argv, '--data', folder, ...args], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const stop = async (): Promise<void> => {
    await end(child)
    if (kept === undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    const { url, token } = await whenReady(child, folder)
    return { url, token, pid: child.pid as number, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

async function whenReady(child: ChildProcess, folder: string): Promise<{ url: string; token: string }> {
  const limitMs = performance.now() + START_MS_MAX
  while (performance.now() < limitMs && child.exitCode === null) {
    const [server, token] = await Promise.all([localServer(folder), ownerToken(folder)]).catch(() => [])
    if (server && token) {
      const { nodes } = await createClient({ url: server.url, token }).status()
      if (nodes.length > 0) return { url: server.url, token }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server was not ready in time')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  // It is managed: it stops at the end of its input.
  child.stdin?.end()
  await gone
}
