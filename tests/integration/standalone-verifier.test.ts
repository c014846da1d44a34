import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createLog, LAW } from '@azora/evidence/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleVerifier } from '../../apps/cli/verifier/bundle.ts'
import { chromiumOfMachine, nodeOfMachine } from '../support/machine.ts'
import { tempDir } from '../support/temp-dir.ts'

const RUN = '01920000-0000-7000-8000-000000000001'
const node = nodeOfMachine()
const chromium = chromiumOfMachine()
const folder = tempDir('verifier')
let code: string
beforeAll(async () => {
  code = await bundleVerifier()
})
afterAll(() => folder.remove())

/** A run of one skill that was cancelled before it began. */
const log = createLog()
log.activate(LAW)
const spec = {
  runId: RUN,
  agentId: 'direct',
  agentVersion: '1.0.0',
  tenant: 'default',
  owner: 'user:owner',
  input: {},
  scope: { read: [], write: [], hosts: [] },
  priority: 5,
  budget: { actions: 1, turns: 1 },
  createdAt: '2026-01-01T00:00:00.000Z',
  plan: { steps: [{ id: 'a', skill: 'x.y', input: {}, after: [] }] },
}
log.add({ kind: 'run.scheduled', payload: { spec }, run: RUN, to: 'scheduled' })
log.add({ kind: 'run.cancelled', payload: {}, run: RUN, to: 'cancelled' })
const bundle = log.bundleOf(RUN)
const key = log.signer.verifier.text

describe('the verifier as one file', () => {
  it('names no path of the machine that made it, and imports nothing but Node', async () => {
    expect(code).not.toContain(process.cwd())
    expect([...code.matchAll(/^import .* from ["'](.*)["']/gm)].map(([, name]) => name)).toEqual([])
    expect(await bundleVerifier()).toBe(code)
  })

  it.skipIf(!node)(
    `runs on the machine's own Node, in a folder with nothing else${node ? '' : ' (skipped: no Node from 20 on in PATH)'}`,
    async () => {
      const empty = mkdtempSync(join(folder.path, 'empty-'))
      const file = (name: string): string => join(empty, name)
      writeFileSync(file('azora-verify.mjs'), code)
      writeFileSync(file('run.intoto.jsonl'), bundle)
      writeFileSync(file('journal.vkey'), `${key}\n`)
      writeFileSync(file('cut.intoto.jsonl'), bundle.slice(0, -200))
      const verify = (...args: string[]) =>
        promisify(execFile)(node as string, ['azora-verify.mjs', ...args], { cwd: empty, env: {} }).then(
          ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
          (error) => error as { code: number; stdout: string; stderr: string },
        )
      const good = await verify('run.intoto.jsonl', '--trusted-key', '@journal.vkey', '--json')
      expect(good.code).toBe(0)
      expect(JSON.parse(good.stdout)).toMatchObject({ verified: true, about: { runId: RUN } })
      expect(await verify('run.intoto.jsonl', '--trusted-key', createLog().signer.verifier.text)).toMatchObject({
        code: 7,
        stdout: expect.stringContaining('FAIL the journal key is the trusted one'),
      })
      expect(await verify('cut.intoto.jsonl')).toMatchObject({
        code: 7,
        stdout: expect.stringContaining('its end is missing'),
      })
      expect(await verify('run.intoto.jsonl', '--trusted-key', 'x')).toMatchObject({ code: 2 })
      expect(await verify('no-such-file')).toMatchObject({ code: 2, stderr: expect.stringContaining('no such file') })
      expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining('node azora-verify.mjs FILE') })
    },
  )

  it.skipIf(!chromium)(`runs in a browser${chromium ? '' : ' (skipped: no Chromium in PATH)'}`, async () => {
    const options = JSON.stringify({ trustedKey: key })
    const page = `<!doctype html><title>verify</title><pre id="report"></pre><script type="module">
      import { verifyEvidence } from './azora-verify.mjs'
      const bytes = new Uint8Array(await (await fetch('run.intoto.jsonl')).arrayBuffer())
      const altered = bytes.with(bytes.length - 30, bytes[bytes.length - 30] === 65 ? 66 : 65)
      const reports = [bytes, altered].map((of) => verifyEvidence(of, ${options}).verified)
      document.getElementById('report').textContent = 'reports: ' + JSON.stringify(reports)
    </script>`
    const server = await serve({
      '/': ['text/html', page],
      '/azora-verify.mjs': ['text/javascript', code],
      '/run.intoto.jsonl': ['application/vnd.in-toto.bundle', bundle],
    })
    try {
      const { port } = server.address() as AddressInfo
      const flags = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--virtual-time-budget=60000',
      ]
      const profile = `--user-data-dir=${mkdtempSync(join(folder.path, 'profile-'))}`
      const { stdout } = await promisify(execFile)(
        chromium as string,
        [...flags, profile, '--dump-dom', `http://127.0.0.1:${port}/`],
        { timeout: 120_000 },
      )
      expect(stdout).toContain('reports: [true,false]')
    } finally {
      server.close()
    }
  })
})

async function serve(files: Record<string, [type: string, body: string | Uint8Array]>): Promise<Server> {
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? []
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain' })
    response.end(body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
