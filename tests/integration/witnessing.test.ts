import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { clockOf, silentLog, systemClock } from '@azora/base'
import type { EntryPayload, WitnessingView } from '@azora/contracts'
import { createJournal, type Journal } from '@azora/journal'
import { openCosignedCheckpoint, parseVerifier, type Verifier, type WitnessKey } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openJournalKeys } from '../../apps/server/local/journal-keys.ts'
import type { Witnesses } from '../../apps/server/witnesses/collector.ts'
import { openWitnesses } from '../../apps/server/witnesses/open.ts'
import { until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newRunId, newSigner, note, openJournal } from '../support/journal.ts'
import { tempDir } from '../support/temp-dir.ts'
import { openWitness } from '../support/witness.ts'

const folder = tempDir('witnessing')
const signer = newSigner()
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let witnesses: Witnesses | undefined
const running: Array<{ stop: () => Promise<void> }> = []
let count = 0

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(async () => {
  await postgres.stop()
  folder.remove()
})
beforeEach(async () => {
  database = await postgres.createDatabase()
  journal = await openJournal(database.db, { signer })
})
afterEach(async () => {
  await witnesses?.stop()
  witnesses = undefined
  await journal.close()
  for (const one of running.splice(0)) await one.stop()
  await database.close()
})

const freshState = (): string => {
  count += 1
  return join(folder.path, `state-${count}`)
}
async function witness(name: string, state = freshState(), listen = '127.0.0.1:0') {
  const opened = await openWitness({ state, logs: [signer.verifier.text], flags: ['--name', name], listen })
  running.push(opened)
  return { ...opened, state, name }
}
type Witness = { name: string; key: WitnessKey; url: string }

function policyFile(members: Witness[], rule: string): string {
  const file = join(folder.path, `policy-${++count}`)
  const lines = members.map(({ name, key, url }) => `witness ${name} ${key.text} ${url}`)
  writeFileSync(file, `${[`log ${signer.verifier.text}`, ...lines, rule].join('\n')}\n`)
  return file
}
async function collect(members: Witness[], rule: string, now = () => Date.now()): Promise<() => WitnessingView> {
  const file = policyFile(members, rule)
  const opened = await openWitnesses(file, { journal, tenant: 'default', clock: clockOf(now), log: silentLog })
  witnesses = opened
  return () => (opened as Witnesses).view()
}
const fill = async (entries: number): Promise<void> => {
  for (let at = 0; at < entries; at += 1) await journal.append(note(newRunId(), `${at}`))
}
const cosigners = (text: string, members: Witness[]): string[] => {
  const keys = { log: [parseVerifier(journal.status().key) as Verifier], witnesses: members.map(({ key }) => key) }
  return (openCosignedCheckpoint(text, keys)?.cosignedBy ?? []).map(({ key }) => key.name).toSorted()
}
const stateOf = (view: WitnessingView, name: string) => view.witnesses.find((one) => one.name === name)
const refusals = async (): Promise<Array<EntryPayload<'witness.refused'>>> =>
  (await journal.scan(['witness.refused'], -1)).map(({ payload }) => JSON.parse(payload ?? ''))

describe('the cosignatures of a published checkpoint', () => {
  it('are collected of all witnesses, verified and kept, also over a restart of the server', async () => {
    const members = [await witness('one'), await witness('two'), await witness('three')]
    const view = await collect(members, 'group all-three 2 one two three\nquorum all-three')
    for (const size of [3, 7, 20]) {
      await fill(size - journal.status().size)
      await until(() => view().size === size, 10_000, `a quorum for ${size} entries`)
    }
    await until(() => cosigners(journal.publishedCheckpoint().note, members).length === 3, 5_000, 'all three')
    expect(view()).toMatchObject({ rule: '2 of (one, two, three)', holds: true })
    expect(view().witnesses.map(({ state, size }) => [state, size])).toEqual(Array(3).fill(['ok', 20]))
    const kept = journal.publishedCheckpoint()
    await witnesses?.stop()
    await journal.close()
    journal = await openJournal(database.db, { signer })
    expect(journal.publishedCheckpoint()).toEqual(kept)
    const again = await collect(members, 'quorum one')
    expect(again()).toMatchObject({ holds: true, size: 20 })
  })

  it('cover the last entries after a graceful stop', async () => {
    const members = [await witness('one')]
    await collect(members, 'quorum one')
    await fill(5)
    await journal.close()
    await witnesses?.stop()
    expect(journal.publishedCheckpoint().size).toBe(5)
    expect(cosigners(journal.publishedCheckpoint().note, members)).toEqual(['one'])
  })

  it('of one key are not taken from another', async () => {
    const [real, impostor] = [await witness('real'), await witness('impostor')]
    const view = await collect([{ ...real, url: impostor.url }], 'quorum real')
    await fill(1)
    await until(() => stateOf(view(), 'real')?.state === 'refused', 5_000, 'the refusal')
    expect(stateOf(view(), 'real')?.problem).toBe('its answer holds no cosignature of its key')
    expect(cosigners(journal.publishedCheckpoint().note, [real, impostor])).toEqual([])
  })
})

describe('a witness that does not answer', () => {
  it('is missed only when the quorum needs it, and catches up when it is back', async () => {
    let ahead = 0
    const [one, two] = [await witness('one'), await witness('two')]
    const view = await collect([one, two], 'group both all one two\nquorum both', () => Date.now() + ahead)
    await fill(2)
    await until(() => view().size === 2, 5_000, 'the quorum')
    await running.pop()?.stop()
    await fill(2)
    await until(() => stateOf(view(), 'two')?.state === 'unreachable', 5_000, 'the outage')
    expect(view().holds).toBe(true)
    ahead = 6_000
    expect(view()).toMatchObject({ holds: false, size: 2, since: expect.any(String) })
    expect(stateOf(view(), 'one')).toMatchObject({ state: 'ok' })
    const { host } = new URL(two.url)
    await witness('two', two.state, host)
    await until(() => view().holds, 15_000, 'the quorum to hold again')
    expect(view().size).toBe(journal.publishedCheckpoint().size)
  })

  it('holds up neither appends nor the others', async () => {
    const silent: Server = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const one = await witness('one')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const mute = { name: 'mute', key: (await witness('mute')).key, url }
    const view = await collect([one, mute], 'quorum one')
    const times: number[] = []
    for (let at = 0; at < 100; at += 1) {
      const before = performance.now()
      await fill(1)
      times.push(performance.now() - before)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await until(() => view().size === 100, 10_000, 'the quorum')
    // Far below what the silent one may take to answer.
    expect(times.toSorted((a, b) => a - b)[95]).toBeLessThan(500)
    expect(stateOf(view(), 'mute')?.state).toBe('unreachable')
    silent.closeAllConnections()
    silent.close()
  })

  it('or does not know the log is named with what it said', async () => {
    const opened = await openWitness({ state: freshState(), logs: [`${signer.verifier.text},another/log`] })
    running.push(opened)
    const view = await collect([{ ...opened, name: 'strange' }], 'quorum strange')
    await fill(1)
    await until(() => stateOf(view(), 'strange')?.state === 'refused', 5_000, 'the refusal')
    expect(stateOf(view(), 'strange')?.problem).toContain('does not know the log azora/test')
  })
})

describe('a witness that saw another log', () => {
  it.each([
    ['a longer one', 6, 'it saw 10 entries of this log, which are not here'],
    ['one of the same length', 10, '409: there are two roots for 10 entries'],
    ['a shorter one', 20, '422: the first 10 entries of the log of 20 are not those that were cosigned'],
  ])('%s: the server says so and puts it on record once', async (_, size, why) => {
    const one = await witness('one')
    await collect([one], 'quorum one')
    await fill(10)
    await until(() => witnesses?.view().size === 10, 5_000, 'the quorum')
    await witnesses?.stop()
    await journal.close()
    await database.close()

    database = await postgres.createDatabase()
    journal = await openJournal(database.db, { signer })
    await Promise.all(Array.from({ length: size }, () => fill(1)))
    await journal.close()
    journal = await openJournal(database.db, { signer })
    const view = await collect([one], 'quorum one')
    await until(async () => (await refusals()).length > 0, 5_000, 'the entry')
    expect(view().witnesses[0]).toMatchObject({ state: 'contradicts', problem: why })
    await witnesses?.stop()
    await collect([one], 'quorum one')
    await until(() => witnesses?.view().witnesses[0]?.state === 'contradicts', 5_000, 'the contradiction again')
    const [refusal, ...more] = await refusals()
    expect(more.map(({ seen }) => seen)).toEqual([])
    expect(refusal).toMatchObject({ witness: one.key.text, why, seen: 10 })
    expect(cosigners(refusal?.shown ?? '', [one])).toEqual([])
  })
})

describe('a log that changes its key', () => {
  it('is followed by its witnesses', async () => {
    const keys = join(folder.path, 'keys')
    await journal.close()
    mkdirSync(keys)
    const opened = await openJournalKeys(keys, 'azora/test')
    await database.close()
    database = await postgres.createDatabase()
    journal = await createJournal({
      db: database.db,
      signer: opened.signer,
      keys: opened.store,
      clock: systemClock,
      log: silentLog,
      onFenced: () => {},
    })
    const one = await openWitness({ state: freshState(), logs: [journal.status().key] })
    running.push(one)
    const file = join(folder.path, 'policy-keys')
    writeFileSync(file, `witness one ${one.key.text} ${one.url}\nquorum one\n`)
    witnesses = await openWitnesses(file, { journal, tenant: 'default', clock: systemClock, log: silentLog })
    await fill(2)
    await until(() => witnesses?.view().size === 2, 5_000, 'the quorum')
    await journal.rotateKey({ tenant: 'default', actor: 'user:owner', overlapMs: 0 })
    await fill(2)
    await until(() => witnesses?.view().size === 5, 5_000, 'the quorum under the new key')
    expect(cosigners(journal.publishedCheckpoint().note, [{ ...one, name: 'one' }])).toHaveLength(1)
  })
})

describe('a policy file', () => {
  const open = (text: string | undefined) => {
    const file = join(folder.path, `bad-${++count}`)
    if (text !== undefined) writeFileSync(file, text)
    return openWitnesses(file, { journal, tenant: 'default', clock: systemClock, log: silentLog })
  }
  it.each([
    ['that is missing', undefined, "can't be read"],
    ['that is malformed', 'quorum\n', 'line 1: nothing before it is called (no name)'],
    ['of other logs', `log ${newSigner().verifier.text}\nquorum none\n`, 'none of its logs is this one'],
  ])('%s is refused', async (_, text, message) => {
    await expect(open(text)).rejects.toMatchObject({
      code: 'witness_policy_malformed',
      message: expect.stringContaining(message),
    })
  })

  it('with an address that is none is refused', async () => {
    const { key } = await witness('one')
    await expect(open(`witness one ${key.text} ftp://x\nquorum one`)).rejects.toThrow(
      'the address of one is no http(s) URL',
    )
  })
})
