import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Health, PublishedCheckpoint } from '@azora/contracts'
import { openCosignedCheckpoint, parseVerifier, type Verifier } from '@azora/proof'
import { localServer, ownerToken } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openJournalKeys } from '../../apps/server/local/journal-keys.ts'
import { createCli, lastJson, until } from '../support/cli.ts'
import { dice } from '../support/crash.ts'
import { killHard } from '../support/processes.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type RunningWitness, startWitness } from '../support/witness.ts'

const folder = tempDir('witnessed')
const dataDir = join(folder.path, 'data')
const state = join(folder.path, 'witness')
const policy = join(folder.path, 'policy')
let cli: ReturnType<typeof createCli>
let running: Awaited<ReturnType<typeof cli.up>>
let witness: RunningWitness
let verifier: Verifier

beforeAll(async () => {
  // The key that the server finds in its data directory, so that the witness can be told before it starts.
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
  const { signer } = await openJournalKeys(join(dataDir, 'keys'), 'azora/main')
  verifier = parseVerifier(signer.verifier.text) as Verifier
  witness = await startWitness({ state, logs: [signer.verifier.text] })
  writeFileSync(policy, `log ${signer.verifier.text}\nwitness one ${witness.key.text} ${witness.url}\nquorum one\n`)
  process.env.AZORA_WITNESS_POLICY = policy
  cli = createCli(dataDir)
  running = await cli.up()
})
afterAll(async () => {
  delete process.env.AZORA_WITNESS_POLICY
  await cli?.stop()
  await witness?.end('SIGTERM')
  folder.remove()
})

const status = async (): Promise<Health> => lastJson<Health>(await cli.run('status', '--json'))

async function published(): Promise<PublishedCheckpoint[]> {
  const [server, token] = await Promise.all([localServer(dataDir), ownerToken(dataDir)])
  const answer = await fetch(`${server?.url}/api/v1/journal/main/checkpoints?limit=1000`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await answer.json()) as { items: PublishedCheckpoint[] }).items
}

const invoke = () => cli.start('skill', 'invoke', 'workspace.list', '--json')

describe('a server with a witness', () => {
  it('has its checkpoints cosigned, and says so', async () => {
    await invoke().finished
    await until(async () => (await status()).witnessing?.size === (await status()).journal.size, 20_000, 'the quorum')
    const { status: word, witnessing } = await status()
    expect([word, witnessing]).toMatchObject(['ok', { rule: 'one', holds: true, witnesses: [{ state: 'ok' }] }])
    const text = await cli.run('status')
    expect(text.stdout).toContain('one: ok, cosigned')
    const newest = (await published()).at(-1)?.note ?? ''
    expect(openCosignedCheckpoint(newest, { log: [verifier], witnesses: [witness.key] })?.cosignedBy).toHaveLength(1)
    const [server, token] = await Promise.all([localServer(dataDir), ownerToken(dataDir)])
    const answer = await fetch(`${server?.url}/api/v1/journal/main/checkpoint`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect([await answer.text(), answer.headers.get('azora-quorum')]).toEqual([newest, 'met'])
  })

  it.each([1, 2])(
    'killed while it works (seed %i): goes on with the same log, and the witness with it',
    async (seed) => {
      const random = dice(seed)
      const before = await published()
      const work = [invoke(), invoke()]
      await new Promise((resolve) => setTimeout(resolve, 200 + random.int(1_500)))
      const seen = [...before, ...(await published())]
      killHard('server', dataDir)
      if (random.chance(0.5)) {
        await witness.end('SIGKILL')
        witness = await startWitness({ state, logs: [verifier.text], listen: new URL(witness.url).host })
      }
      // They would wait long for a server that comes back at another address.
      for (const { child } of work) child.kill('SIGKILL')
      await running.finished
      running = await cli.up()
      const after = new Map((await published()).map(({ size, root }) => [size, root]))
      for (const { size, root } of seen) expect(after.get(size)).toBe(root)
      const largest = Math.max(...after.keys())
      await until(async () => ((await status()).witnessing?.size ?? 0) >= largest, 60_000, 'the quorum')
      expect((await cli.run('audit', 'witness', 'status', '--state', state)).code).toBe(0)
    },
  )

  it('says for how long the quorum is missed, and how to mend it', async () => {
    await witness.end('SIGTERM')
    await invoke().finished
    await until(async () => (await status()).witnessing?.holds === false, 20_000, 'the quorum to be missed')
    expect(await status()).toMatchObject({ status: 'degraded', witnessing: { since: expect.any(String) } })
    const doctor = await cli.run('doctor', '--json')
    expect(doctor.code).toBe(1)
    expect(doctor.stdout).toContain('one is not met since')
  })
})
