import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { silentLog, systemClock } from '@azora/base'
import { createJournal } from '@azora/journal'
import { createSigner, openCosignedCheckpoint, type Signer, withSignaturesOf } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStatus } from '../../apps/witness/status.ts'
import { type Dice, dice, type Mortal, seedGroups, startMortal } from '../support/crash.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { createLogCheck, type LogCheck } from '../support/log-check.ts'
import type { PublishingLine, PublishingTask } from '../support/publishing-child.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type RunningWitness, startWitness } from '../support/witness.ts'

const SHARD = 'azora/crash'
const CHILD = 'publishing-child.ts'
const GROUP = 20
const folder = tempDir('publication-crash')
let postgres: TestPostgres
beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(async () => {
  await postgres.stop()
  folder.remove()
})

type Publisher = Mortal<PublishingLine>

/** One log and one witness, which outlive the processes that serve them. */
interface Scene {
  database: TestDatabase
  check: LogCheck
  signer: Signer
  state: string
  witness: RunningWitness
  task: Omit<PublishingTask, 'seed'>
  /** How many cosignatures were looked at. */
  cosignatures: number
}

async function openScene(name: string): Promise<Scene> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const signer = createSigner(SHARD, privateKey)
  const database = await postgres.createDatabase()
  const state = join(folder.path, name)
  const witness = await startWitness({ state, logs: [signer.verifier.text] })
  const policy = join(folder.path, `${name}.policy`)
  writeFileSync(policy, `witness w ${witness.key.text} ${witness.url}\nquorum w\n`)
  // The tables are made before anybody dies, so that they can be looked at.
  await (
    await createJournal({ db: database.db, signer, clock: systemClock, log: silentLog, onFenced: () => {} })
  ).close()
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    database,
    check: createLogCheck(database.db, SHARD),
    signer,
    state,
    witness,
    task: { connection: database.connection, shard: SHARD, privateKey: pem, policy, publishEveryMs: 25 },
    cosignatures: 0,
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits for a moment that the seed chooses: in the start, after an acknowledgement, or around a publication. */
async function moment(publisher: Publisher, random: Dice): Promise<void> {
  const kind = random.pick(['start', 'open', 'acknowledged', 'acknowledged', 'published', 'published'] as const)
  let left = 1 + random.int(kind === 'published' ? 6 : 60)
  if (kind === 'start') await sleep(random.int(60))
  else if (kind === 'open') await publisher.says((line) => line.kind === 'open')
  else await publisher.says((line) => line.kind === kind && --left === 0)
  await sleep(random.int(20))
}

/** What was acknowledged is there, unchanged; what was published or cosigned is a prefix of what is there. */
async function verify(scene: Scene, publisher: Publisher): Promise<void> {
  const { database, check, signer, witness } = scene
  // In this order, as somebody may still be writing: what is claimed first is in what is read later.
  const said = [...publisher.said]
  const { rows } = await database.db.query<{ note: string; lines: string[] }>(
    `select note, array(select line from journal.cosignature s where s.size = c.size) as lines
     from journal.checkpoint c order by size`,
  )
  const memory = memoryOf(scene.state)
  await check.follow()
  const kept = new Set(rows.map(({ note }) => note))
  for (const line of said) {
    if (line.kind === 'acknowledged') expect(check.payloadAt(line.index)).toEqual({ pattern: line.text })
    if (line.kind !== 'published') continue
    check.claim(line.note, 'what was published')
    expect(kept).toContain(withSignaturesOf(line.note, [signer.verifier]))
  }
  let cosigned = 0
  for (const { note, lines } of rows) {
    const size = check.claim(note, 'a checkpoint of the table')
    for (const line of lines) {
      const keys = { log: [signer.verifier], witnesses: [witness.key] }
      expect(openCosignedCheckpoint(`${note}${line}\n`, keys)?.cosignedBy).toHaveLength(1)
      cosigned = size
      scene.cosignatures += 1
    }
  }
  // The witness' memory is never behind what it cosigned, is a prefix of the log, and holds nothing against it.
  if (memory) expect(check.claim(memory, 'the memory of the witness')).toBeGreaterThanOrEqual(cosigned)
  else expect(cosigned).toBe(0)
  expect((await readStatus(scene.state)).findings).toEqual([])
}

function memoryOf(state: string): string | undefined {
  const [id] = readdirSync(join(state, 'logs'))
  const file = join(state, 'logs', id ?? '', 'latest.note')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

describe('SIGKILL while entries are appended, published and cosigned', () => {
  it.each(seedGroups(12, GROUP).map((seeds) => ({ seeds, name: `${seeds[0]} to ${seeds.at(-1)}` })))(
    'seeds $name: nothing acknowledged is lost, and no two checkpoints of one size differ',
    async ({ seeds }) => {
      const scene = await openScene(`scene-${seeds[0]}`)
      let next: Publisher = startMortal(CHILD)
      let witnessKills = 0
      for (const seed of seeds) {
        const random = dice(seed)
        const publisher = next
        next = startMortal(CHILD)
        publisher.go({ ...scene.task, seed })
        try {
          await moment(publisher, random)
          // Some of them are taken over while they live, instead of dying first.
          if (random.chance(0.2)) {
            const rival = startMortal<PublishingLine>(CHILD)
            rival.go({ ...scene.task, seed: seed + 1_000 })
            await moment(rival, random)
            await rival.kill()
            await publisher.kill()
            await verify(scene, rival)
          }
          if (random.chance(0.2)) {
            await scene.witness.end('SIGKILL')
            witnessKills += 1
            await verify(scene, publisher)
            const { host } = new URL(scene.witness.url)
            const key = scene.witness.key.text
            scene.witness = await startWitness({ state: scene.state, logs: [scene.signer.verifier.text], listen: host })
            expect(scene.witness.key.text).toBe(key)
          }
          await publisher.kill()
          await verify(scene, publisher)
        } catch (thrown) {
          throw new Error(`seed ${seed} (AZORA_CRASH_SEED=${seed}): ${thrown}`, { cause: thrown })
        }
      }
      await next.kill()
      await scene.witness.end('SIGTERM')
      expect(witnessKills).toBeGreaterThan(0)
      expect(scene.cosignatures).toBeGreaterThan(0)
      await scene.database.close()
    },
  )
})
