import type { AddressInfo } from 'node:net'
import { silentLog } from '@azora/base'
import type { Db } from '@azora/base/db'
import { createIdentity, createToken } from '@azora/identity'
import type { Journal } from '@azora/journal'
import { createApp } from '../../apps/server/http/app.ts'
import { exportRoutes } from '../../apps/server/http/routes/journal-export.ts'
import { byBearer } from './doors.ts'

/** A journal's export over real HTTP. */
export interface LogServer {
  url: string
  token: string
  close(): Promise<void>
}

export async function serveLog(db: Db, journal: Journal): Promise<LogServer> {
  const identity = await createIdentity({ db })
  const token = createToken()
  await identity.assign(token, { id: 'user:owner', tenant: 'default', roles: ['owner'], keys: [] })
  const app = await createApp({ resolve: byBearer(identity), origin: () => 'http://127.0.0.1', log: silentLog })
  exportRoutes(app, journal)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, token, close: () => app.close() }
}
