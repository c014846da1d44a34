import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endorseKey, newPrivateKey, openCosignedCheckpoint } from '@azora/proof'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { readStatus, statusText } from '../../apps/witness/status.ts'
import { createCli, lastJson } from '../support/cli.ts'
import { newSigner } from '../support/journal.ts'
import { tempDir } from '../support/temp-dir.ts'
import { isCosigned, openWitness, postTo, startWitness, submit, testLog } from '../support/witness.ts'

const folder = tempDir('witness')
const cli = createCli(join(folder.path, 'data'))
const signer = newSigner()
const log = testLog(signer, 600)
type Witness = Awaited<ReturnType<typeof openWitness>>
let witness: Witness | undefined
let count = 0
let state: string

afterAll(() => folder.remove())
afterEach(async () => {
  await witness?.stop()
  witness = undefined
})

const open = async (flags: string[] = []): Promise<Witness> => {
  witness = await openWitness({ state, logs: [signer.verifier.text], flags })
  return witness
}
const fresh = (flags: string[] = []): Promise<Witness> => {
  count += 1
  state = join(folder.path, `state-${count}`)
  return open(flags)
}
const restart = async (): Promise<Witness> => {
  await witness?.stop()
  return open()
}

describe('the first start', () => {
  it('makes a key for its owner alone, prints the public half, and keeps both', async () => {
    const { key } = await fresh(['--name', 'witness.example.org'])
    expect(key.name).toBe('witness.example.org')
    expect(statSync(join(state, 'witness.key')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(state, 'witness.vkey'), 'utf8').trim()).toBe(key.text)
    const again = await restart()
    expect(again.key.text).toBe(key.text)
  })

  it('through the command line says where it listens and what its key is', async () => {
    const dir = join(folder.path, 'by-cli')
    const run = cli.start('audit', 'witness', '--log', signer.verifier.text, '--state', dir, '--listen', '127.0.0.1:0')
    await new Promise((resolve) => run.child.stdout?.once('data', resolve))
    run.child.kill('SIGTERM')
    const { code, stdout } = await run.finished
    expect(stdout).toMatch(/^The witness listens at http:\/\/127\.0\.0\.1:\d+\n {2}key {4}\S+\+[0-9a-f]{8}\+\S+\n/)
    expect(code).toBe(0)
  })
})

describe('add-checkpoint', () => {
  it('cosigns what is shown first and everything that continues it', async () => {
    const { url, key } = await fresh()
    let before = 0
    for (const size of [1, 2, 3, 64, 65, 256, 300, 300, 513]) {
      const answer = await submit(url, log, before, size)
      expect(answer).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' })
      expect(isCosigned(log.note(size), answer, key, signer)).toBe(true)
      before = size
    }
    expect(await readStatus(state)).toMatchObject({ key: key.text, logs: [{ size: 513 }], well: true })
  })

  it('answers as the specification says', async () => {
    const { url } = await fresh()
    expect(await submit(url, log, 0, 100)).toMatchObject({ status: 200 })
    const stale = { status: 409, type: 'text/x.tlog.size', body: '100\n' }
    expect(await submit(url, log, 0, 120)).toEqual(stale)
    expect(await submit(url, log, 90, 120)).toEqual(stale)
    expect(await submit(url, log, 50, 60)).toEqual(stale)
    const short = log.note(90)
    expect(await postTo(url, 'add-checkpoint', `old 100\n\n${short}`)).toMatchObject({ status: 400 })
    expect(await postTo(url, 'add-checkpoint', 'nonsense')).toMatchObject({ status: 400 })
    expect(await postTo(url, 'add-checkpoint', `old 100\n\n${log.note(120)}`)).toMatchObject({ status: 422 })
    const stranger = testLog(newSigner(), 200)
    expect(await submit(url, stranger, 100, 120)).toMatchObject({ status: 403 })
    const unknown = log.note(120).replaceAll('azora/test', 'azora/other')
    expect(await postTo(url, 'add-checkpoint', `old 100\n\n${unknown}`)).toMatchObject({ status: 404 })
    expect(await postTo(url, 'add-checkpoint', 'x'.repeat(70_000))).toMatchObject({ status: 413 })
    expect(await postTo(url, 'anything', '')).toMatchObject({ status: 404 })
    expect((await fetch(new URL('add-checkpoint', url))).status).toBe(405)
    expect(await submit(url, log, 100, 120)).toMatchObject({ status: 200 })
  })

  it('a signature of the log that does not verify is refused, whoever else signed', async () => {
    const { url } = await fresh()
    const note = log.note(10)
    const bad = note.replace(/\S+\n$/, (line) => `${line.slice(0, 20)}${line[20] === 'A' ? 'B' : 'A'}${line.slice(21)}`)
    expect(await postTo(url, 'add-checkpoint', `old 0\n\n${bad}`)).toMatchObject({ status: 403 })
  })

  it('of many at one time lets one after the other through, and all that it cosigned are one history', async () => {
    const { url, key } = await fresh()
    await submit(url, log, 0, 100)
    const fork = testLog(signer, 600, 100)
    const answers = await Promise.all(
      [...Array(40).keys()].map(async (at) => {
        const side = at % 2 === 0 ? log : fork
        const answer = await submit(url, side, 100, 101 + at)
        return { answer, side, size: 101 + at }
      }),
    )
    const cosigned = answers.filter(({ answer }) => answer.status === 200)
    expect(cosigned).toHaveLength(1)
    const [{ answer, side, size } = { answer: undefined, side: log, size: 0 }] = cosigned
    expect(answer && isCosigned(side.note(size), answer, key, signer)).toBe(true)
    expect(answers.filter((one) => one.answer.status === 409)).toHaveLength(39)
  })

  it('is bounded in how often it is asked', async () => {
    const { url } = await fresh()
    const answers = await Promise.all([...Array(120).keys()].map(() => postTo(url, 'add-checkpoint', 'x')))
    const refused = answers.filter(({ status: code }) => code === 429)
    expect(refused.length).toBeGreaterThan(20)
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(60)
  })
})

describe('what contradicts', () => {
  it.each([
    ['another root of the size that was cosigned', 100, 100, 'contradiction', 409],
    ['a longer log with another past', 100, 130, 'contradiction', 422],
    ['a longer log with another past, from a size whose proof can not show it', 128, 200, 'unproved', 422],
  ] as const)('%s is refused, kept with both notes, and said by the exit code', async (_, from, to, kind, code) => {
    const { url, key, said } = await fresh()
    await submit(url, log, 0, from)
    const fork = testLog(signer, 600, 40)
    for (let time = 0; time < 3; time += 1) expect(await submit(url, fork, from, to)).toMatchObject({ status: code })
    const { findings, well, logs } = await readStatus(state)
    expect([well, logs[0]?.size]).toEqual([false, from])
    expect(findings).toMatchObject([{ kind, shown: fork.note(to) }])
    const keys = { log: [signer.verifier], witnesses: [key] }
    expect(openCosignedCheckpoint(findings[0]?.seen ?? '', keys)).toMatchObject({ cosignedBy: [{}] })
    const loud = {
      contradiction: 'fatal THE LOG CONTRADICTS ITSELF',
      unproved: 'error a signed checkpoint came without a valid proof',
    }
    expect(said).toContain(loud[kind])
    expect(statusText(await readStatus(state))).toContain(`✗ ${kind}`)

    const again = await restart()
    expect((await readStatus(state)).well).toBe(false)
    expect(await submit(again.url, log, from, 500)).toMatchObject({ status: 200 })
    // A log that proves itself again was slandered by a bad proof; one that contradicted itself stays so.
    expect((await readStatus(state)).well).toBe(kind === 'unproved')
  })

  it('is not a bad proof for a signed checkpoint: the log proves itself and the finding is settled', async () => {
    const { url } = await fresh()
    await submit(url, log, 0, 100)
    const garbage = Buffer.alloc(32, 7).toString('base64')
    expect(await postTo(url, 'add-checkpoint', `old 100\n${garbage}\n\n${log.note(120)}`)).toMatchObject({
      status: 422,
    })
    const before = await cli.run('audit', 'witness', 'status', '--state', state, '--json')
    expect([before.code, lastJson<{ well: boolean }>(before).well]).toEqual([7, false])
    expect(await submit(url, log, 100, 120)).toMatchObject({ status: 200 })
    const after = await cli.run('audit', 'witness', 'status', '--state', state)
    expect([after.code, after.stdout.includes('settled')]).toEqual([0, true])
    expect((await readStatus(state)).findings).toMatchObject([{ kind: 'unproved', settledAt: expect.any(String) }])
  })
})

describe('a restart', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('after %s goes on from what was cosigned', async (signal) => {
    const place = join(folder.path, `ended-by-${signal}`)
    const spec = { state: place, logs: [signer.verifier.text] }
    const first = await startWitness(spec)
    await submit(first.url, log, 0, 77)
    await expect(startWitness(spec)).rejects.toThrow('another witness works with')
    await first.end(signal)
    const again = await startWitness(spec)
    expect(again.key.text).toBe(first.key.text)
    expect(await submit(again.url, log, 0, 99)).toMatchObject({ status: 409, body: '77\n' })
    expect(await submit(again.url, log, 77, 99)).toMatchObject({ status: 200 })
    await again.end('SIGTERM')
  })

  it('with a damaged memory, another key or another name is refused', async () => {
    const { url } = await fresh(['--name', 'w.example'])
    await submit(url, log, 0, 5)
    await witness?.stop()
    witness = undefined
    const start = (...flags: string[]) => open(flags)
    await expect(start('--name', 'other.example')).rejects.toThrow('is that of w.example')
    const other = join(folder.path, 'other.key')
    writeFileSync(other, newPrivateKey())
    await expect(start('--key', other)).rejects.toThrow('is that of w.example')
    const [id = ''] = readdirSync(join(state, 'logs'))
    writeFileSync(join(state, 'logs', id, 'latest.note'), 'azora/test\n')
    await expect(start()).rejects.toThrow('holds no checkpoint')
  })
})

describe('a log that changes its key', () => {
  const next = newSigner()
  const at = new Date().toISOString()
  const endorsed = (previousUntil: string) =>
    endorseKey({ previous: signer, key: next }, { from: at, previousUntil, at })
  const post = (url: string, chain: unknown) => postTo(url, 'azora/log-keys', JSON.stringify(chain))

  it('is followed by what the old key endorsed, also over a restart; the old key then ends', async () => {
    const { url } = await fresh()
    await submit(url, log, 0, 10)
    const later = testLog(next, 600)
    expect(await submit(url, later, 10, 20)).toMatchObject({ status: 403 })
    expect(await post(url, [endorsed(at)])).toMatchObject({ status: 200 })
    expect(await submit(url, later, 10, 20)).toMatchObject({ status: 200 })
    const again = await restart()
    expect(await submit(again.url, log, 20, 30)).toMatchObject({ status: 403 })
    expect(await submit(again.url, later, 20, 30)).toMatchObject({ status: 200 })
  })

  it('is not made to forget what it followed by chains that say less', async () => {
    const { url } = await fresh()
    const [third, thief] = [newSigner(), newSigner()]
    const succeeded = endorseKey({ previous: next, key: third }, { from: at, previousUntil: at, at })
    const stolen = endorseKey({ previous: next, key: thief }, { from: at, previousUntil: at, at })
    expect(await post(url, [endorsed(at), succeeded])).toMatchObject({ status: 200 })
    await post(url, [endorsed(at)])
    await post(url, [succeeded])
    await post(url, [{ ...stolen, statement: { ...stolen.statement, key: signer.verifier.text } }])
    const again = await restart()
    expect(await submit(again.url, testLog(third, 600), 0, 10)).toMatchObject({ status: 200 })
    expect(await post(again.url, [endorsed(at), stolen])).toMatchObject({ status: 422 })
    expect(await submit(again.url, log, 10, 20)).toMatchObject({ status: 403 })
  })

  it('is not followed to a key that no trusted one endorsed, and not to two', async () => {
    const { url } = await fresh()
    const [thief, third] = [newSigner(), newSigner()]
    const strange = endorseKey({ previous: thief, key: next }, { from: at, previousUntil: at, at })
    expect(await post(url, [strange])).toMatchObject({ status: 422 })
    expect(await post(url, [endorsed(at)])).toMatchObject({ status: 200 })
    const second = endorseKey({ previous: signer, key: third }, { from: at, previousUntil: at, at })
    expect(await post(url, [second])).toMatchObject({ status: 422 })
    expect(await post(url, { no: 'chain' })).toMatchObject({ status: 400 })
    expect(await postTo(url, 'azora/log-keys', '{"a":1,"a":2}')).toMatchObject({ status: 400 })
    expect(await post(url, [])).toMatchObject({ status: 400 })
  })
})
