import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import { type Contestant, startContestant } from '../contestant.ts'
import { type BenchDatabase, openDatabase, postmasterOf, urlOf } from '../database.ts'

/** Everyone who takes part, started and idle, each with a database of its own in one PostgreSQL. */
export interface Contest {
  contestants: Contestant[]
  database: BenchDatabase
  /** Azora's own database. */
  azora: Db
  /** Process id of PostgreSQL, of which all its processes descend. */
  postgres: number
  /** Of the peers, by their package. */
  versions: Record<string, string>
  stop(): Promise<void>
}

const PEERS = fileURLToPath(new URL('../../peers', import.meta.url))
const OURS = fileURLToPath(new URL('./azora.ts', import.meta.url))
export const AZORA = 'azora'
/** Each with the package whose version is told. */
const PEER_PACKAGES = {
  mastra: '@mastra/core',
  restate: '@restatedev/restate-server',
  dbos: '@dbos-inc/dbos-sdk',
  langgraph: '@langchain/langgraph',
}
const CONNECTIONS = 3

/** @param only names of those who take part; everybody when absent */
export async function startAll(only: readonly string[] | undefined, say: (text: string) => void): Promise<Contest> {
  const peers = Object.keys(PEER_PACKAGES).filter((name) => only?.includes(name) ?? true)
  if (peers.length > 0) installPeers(say)
  const database = await openDatabase()
  const stops: Array<() => Promise<void>> = [database.close]
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) await undo()
  }
  try {
    const contestants: Contestant[] = []
    for (const name of [AZORA, ...peers].filter((one) => only?.includes(one) ?? true)) {
      say(`starting ${name}`)
      await database.db.query(`create database ${name}`)
      const env = { DATABASE_URL: urlOf(database, name), NODE_ENV: 'production' }
      const argv = name === AZORA ? [OURS] : [join(PEERS, `${name}.mjs`)]
      const contestant = await startContestant(name, argv, name === AZORA ? { env } : { env, cwd: PEERS })
      contestants.push(contestant)
      stops.push(contestant.stop)
    }
    const azora = createDb({
      connection: { ...database.connection, database: only && !only.includes(AZORA) ? 'postgres' : AZORA },
      max: CONNECTIONS,
      log: silentLog,
    })
    stops.push(azora.close)
    return {
      contestants,
      database,
      azora,
      postgres: await postmasterOf(database.db),
      versions: versionsOf(peers),
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** At the first use, and when the lock file has changed. */
function installPeers(say: (text: string) => void): void {
  const installed = join(PEERS, 'node_modules', '.package-lock.json')
  const wanted = JSON.parse(readFileSync(join(PEERS, 'package-lock.json'), 'utf8'))
  if (existsSync(installed)) {
    const has = JSON.parse(readFileSync(installed, 'utf8')).packages
    const missing = Object.entries<{ version: string; optional?: boolean }>(wanted.packages).some(
      ([path, { version, optional }]) => path !== '' && !optional && has[path]?.version !== version,
    )
    if (!missing) return
  }
  say('installing the peers from the npm registry (some 450 MB)')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: PEERS, stdio: ['ignore', 2, 2] })
}

const versionsOf = (peers: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    peers.map((name) => {
      const path = join(PEERS, 'node_modules', PEER_PACKAGES[name as keyof typeof PEER_PACKAGES], 'package.json')
      return [name, JSON.parse(readFileSync(path, 'utf8')).version as string]
    }),
  )
