import type { Signer } from '@azora/proof'
import { expect } from 'vitest'
import type { TestPostgres } from './database.ts'
import { flawsOf, reportOn } from './evidence.ts'
import { newSigner } from './journal.ts'
import { OWNER, type Server, type ServerOptions, startServer } from './server.ts'
import { createWorld, type World } from './world.ts'

/** What a test wants of a run, whichever entry was the last one of the server before. */
export interface Survival {
  /** Starts the run and does what people do; called again after the crash with the run's id, if it was acknowledged. */
  drive(server: Server, runId: string | undefined): Promise<string>
  /** Looks at what came of it. */
  check(server: Server, runId: string, world: World): Promise<void> | void
  options?: Partial<ServerOptions>
  /** Lets it die after each entry of the runs that this one starts, too. */
  withChildren?: true
  /** Lets it die after so many entries each; after each one if absent. */
  dies?: readonly number[]
}

/**
 * Lets a server die after each entry of a run in turn, and its successor finish: the end must be the same each time, verify
 * offline, and replay as it was. Answers how many entries the undisturbed run has.
 */
export async function survivesEveryCrash(postgres: TestPostgres, survival: Survival): Promise<number> {
  const entries = await once(postgres, survival, Number.POSITIVE_INFINITY)
  for (const at of survival.dies ?? range(1, entries)) await once(postgres, survival, at)
  return entries
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)

/** @param dies after so many entries of the run */
async function once(postgres: TestPostgres, survival: Survival, dies: number): Promise<number> {
  const database = await postgres.createDatabase()
  const world = createWorld()
  const signer: Signer = newSigner()
  const start = (onEntries?: (size: number) => void): Promise<Server> =>
    startServer({ db: database.connect(), world, signer, ...survival.options, ...(onEntries && { onEntries }) })
  const servers: Server[] = []
  try {
    let doomed: Server | undefined
    let base = Number.POSITIVE_INFINITY
    let runId: string | undefined
    const died = new Promise<undefined>((resolve) => {
      const onEntries = (size: number): void => {
        if (size < base + dies) return
        doomed?.crash()
        resolve(undefined)
      }
      void start(onEntries).then((server) => {
        doomed = server
        servers.push(server)
        base = server.journal.status().size
        const driven = survival.drive(server, undefined).then((id) => {
          runId = id
        })
        void driven.catch(() => undefined).then(() => (Number.isFinite(dies) ? undefined : resolve(undefined)))
      })
    })
    await died
    let last = servers[0] as Server
    if (Number.isFinite(dies)) {
      last = await start()
      servers.push(last)
      const { rows } = await database.db.query<{ run: string }>('select run from journal.run_state order by run')
      runId = await survival.drive(last, rows[0]?.run)
    }
    if (runId === undefined) throw new TypeError('the run did not come to its end')
    await survival.check(last, runId, world)
    expect(flawsOf(await reportOn(last, runId)), `evidence after dying at ${dies}`).toEqual([])
    const replayed = await last.replayer.replay(OWNER, runId, { all: true })
    expect(replayed.divergences, `replay after dying at ${dies}`).toEqual([])
    return survival.withChildren ? last.journal.status().size - base : (await last.journal.readRun(runId)).length
  } finally {
    await servers.at(-1)?.stop()
    await database.close()
  }
}
