import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { localServer } from '@azora/sdk/client'
import { answers, type ManagedServer, startManagedServer } from '../../launch/managed-server.ts'
import type { Progress } from '../../output/progress.ts'
import type { Session } from '../../session.ts'

export interface DemoServer {
  url: string
  /** Set when the demo started the server, and so has to stop it. */
  own?: ManagedServer
}

export interface ServerOptions {
  once: boolean
  port?: number
  signal: AbortSignal
}

const PORT = 7420

/** The server to use: the one that was named, the one that runs here, or a new one. */
export async function serverFor(session: Session, progress: Progress, options: ServerOptions): Promise<DemoServer> {
  if (session.remoteUrl !== undefined) return { url: session.remoteUrl }
  const running = await localServer(session.dataDir)
  if (running && (await answers(running.url))) return { url: running.url }

  const port = options.port ?? (options.once || !(await isFree(PORT)) ? 0 : PORT)
  const isFirst = !existsSync(session.dataDir)
  progress.stage(
    isFirst ? 'first start: creating the database…' : 'starting PostgreSQL, the server and an execution node…',
  )
  const own = startManagedServer({ dataDir: session.dataDir, port, env: session.env, onStage: progress.stage })
  try {
    const { url } = await own.ready(options.signal)
    progress.done(`Azora is ready at ${url}`)
    return { url, own }
  } catch (error) {
    progress.done()
    await own.stop()
    throw error
  }
}

/** Whether the port can be listened on at this moment. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const trial = createServer()
    trial.once('error', () => resolve(false))
    trial.listen(port, '127.0.0.1', () => trial.close(() => resolve(true)))
  })
}
