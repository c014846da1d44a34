import type { EntryPayload } from '@azora/contracts'
import type { Gate } from '@azora/orchestrator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { CONSTITUTION } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { GATE } from '../support/scripted.ts'
import { type Server, startServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let world: World
let server: Server
let law: string

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
})
afterEach(async () => {
  await server.stop()
  await database.close()
})

const performed = (): string[] => world.requests.map(({ action }) => action.stepId)

describe('a law that changes', () => {
  const NEWER = 'd'.repeat(64)

  /** Allows everything by the law of the moment. */
  const changing: Gate = {
    ...GATE,
    get digest() {
      return law
    },
    verify: (request) => ({ ...GATE.verify(request), constitution: law }),
  }
  const verdictsOf = async (runId: string): Promise<string[]> =>
    (await server.journal.readRun(runId)).flatMap(({ header, payload }) =>
      header.kind === 'action.verified' ? [(payload as EntryPayload<'action.verified'>).result.constitution] : [],
    )
  const begin = async (ready: () => Promise<void> = async () => {}): Promise<void> => {
    law = CONSTITUTION
    world = createWorld()
    server = await startServer({ db: database.connect(), world, signer: newSigner(), gate: changing, ready })
  }

  it('while an action waits for a node lets it be judged anew before it is permitted', async () => {
    await begin(async () => {
      law = NEWER
    })
    const runId = await server.run([[{ id: 'a', skill: 'test.write', input: {} }]])
    await server.reaches(runId, 'success')
    expect(await verdictsOf(runId)).toEqual([NEWER])
    expect(performed()).toEqual(['a'])
  })

  it('before a verdict is on record makes its permission worthless', async () => {
    await begin()
    server.journal.subscribe((entries) => {
      if (entries.some(({ header }) => header.kind === 'action.verified')) law = NEWER
    })
    const runId = await server.run([[{ id: 'a', skill: 'test.write', input: {} }]])
    await server.reaches(runId, 'success')
    expect(await verdictsOf(runId)).toEqual([CONSTITUTION, NEWER])
    expect(performed()).toEqual(['a'])
    expect(world.requests[0]?.receipt?.entry.payload).toMatchObject({ result: { constitution: NEWER } })
  })
})
