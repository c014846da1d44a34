import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  createSigner,
  EMPTY_FRONTIER,
  extend,
  formatTlogProof,
  type Hash,
  inclusionPath,
  leafHash,
  rootOf,
  signCheckpoint,
} from '@azora/proof'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../program.ts'

const newSigner = () => createSigner('azora/main', generateKeyPairSync('ed25519').privateKey)
const signer = newSigner()
const leaves = Array.from({ length: 300 }, (_, at) => leafHash(`header ${at}`))
const nodes = new Map<string, Hash>()
const tree = extend(EMPTY_FRONTIER, leaves, (level, index, hash) => nodes.set(`${level}:${index}`, hash))
const pathOf = (index: number): Hash[] =>
  inclusionPath(index, leaves.length, (level, at) => nodes.get(`${level}:${at}`) as Hash)
const checkpointBy = (by: typeof signer): string =>
  signCheckpoint({ origin: 'azora/main', size: leaves.length, root: rootOf(tree) }, by)
const proofOf = (index: number, by = signer): string =>
  formatTlogProof({ index, path: pathOf(index), checkpoint: checkpointBy(by) })

let dir: string
let server: Server
/** What the server says, by path. */
let answers: Record<string, string | Uint8Array>

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azora-cli-'))
  answers = {
    '/api/v1/journal/main/checkpoint': checkpointBy(signer),
    '/api/v1/journal/main/proof/entry/7': proofOf(7),
    '/api/v1/journal/main/proof/entry/299': proofOf(299),
    '/api/v1/journal/main/tile/0/000': Buffer.concat(leaves.slice(0, 256)),
    '/api/v1/journal/main/tile/0/001.p/44': Buffer.concat(leaves.slice(256)),
  }
  server = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    if (answer === undefined && request.url !== '/healthz') response.writeHead(404).end('{}')
    else response.end(answer ?? '{"status":"ok"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await mkdir(join(dir, 'keys'))
  const running = { pid: process.pid, url, version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' }
  await writeFile(join(dir, 'server.json'), JSON.stringify(running))
  await writeFile(join(dir, 'owner.token'), 'test-token\n', { mode: 0o600 })
  await writeFile(join(dir, 'keys', 'journal.vkey'), `${signer.verifier.text}\n`)
})
afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await rm(dir, { recursive: true, force: true })
})

async function journal(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const exit = await runCli(['journal', ...args], { env: { AZORA_DATA_DIR: dir, NO_COLOR: '1' }, stdout, stderr })
  stdout.end()
  stderr.end()
  return { exit, stdout: await text(stdout), stderr: await text(stderr) }
}

describe('journal checkpoint', () => {
  test('shows the note as it is', async () => {
    expect(await journal('checkpoint')).toEqual({ exit: 0, stdout: checkpointBy(signer), stderr: '' })
  })

  test('writes it, and says as JSON what it holds', async () => {
    const file = join(dir, 'kept')
    const { exit, stdout } = await journal('checkpoint', '--json', '-o', file)
    expect([exit, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ origin: 'azora/main', size: 300, signers: ['azora/main'], trusted: true, file }),
    ])
    expect(await readFile(file, 'utf8')).toBe(checkpointBy(signer))
  })

  test.each([
    ['signed by another key', checkpointBy(newSigner()), /is not signed by the journal/],
    ['without form', 'azora/main\n', /is not signed by the journal/],
  ])('refuses one %s', async (_, note, message) => {
    answers['/api/v1/journal/main/checkpoint'] = note
    const { exit, stderr } = await journal('checkpoint')
    expect([exit, stderr]).toEqual([7, expect.stringMatching(message)])
  })
})

describe('journal prove', () => {
  test.each([7, 299])('shows the proof of entry %i', async (index) => {
    expect(await journal('prove', String(index))).toEqual({ exit: 0, stdout: proofOf(index), stderr: '' })
  })

  test('writes it', async () => {
    const file = join(dir, 'entry.tlog-proof')
    const { exit, stdout } = await journal('prove', '7', '-o', file, '--json')
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { index: 7, size: 300, verified: true, trusted: true, file }])
    expect(await readFile(file, 'utf8')).toBe(proofOf(7))
  })

  test.each([
    ['of another entry', proofOf(299)],
    ['with another path', formatTlogProof({ index: 7, path: pathOf(8), checkpoint: checkpointBy(signer) })],
    ['under a checkpoint of another key', proofOf(7, newSigner())],
    ['without form', 'nothing'],
  ])('refuses a proof %s, and writes nothing', async (_, proof) => {
    answers['/api/v1/journal/main/proof/entry/7'] = proof
    const file = join(dir, 'entry.tlog-proof')
    expect((await journal('prove', '7', '-o', file)).exit).toBe(7)
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test.each([
    ['an index that is none', ['prove', '1.5'], 2],
    ['a file that can’t be written', ['prove', '7', '-o', '/nowhere/at/all'], 2],
    ['an entry that is not there', ['prove', '8'], 5],
    ['a shard that is not there', ['prove', '7', '--shard', 'other'], 5],
  ])('ends with its exit code for %s', async (_, args, exit) => {
    expect((await journal(...args)).exit).toBe(exit)
  })
})
