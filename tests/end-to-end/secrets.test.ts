import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import zlib from 'node:zlib'
import { silentLog } from '@azora/base'
import { createDb } from '@azora/base/db'
import type { EntryRecord, RunDetail, SecretLeaseView, VerifyResponse } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCli, lastJson } from '../support/cli.ts'
import { everythingIn } from '../support/planted.ts'
import { tempDir } from '../support/temp-dir.ts'
import { startTlsServer, type TlsServer } from '../support/tls-server.ts'

// The real command line, server, node, sandbox and database; a local HTTPS server plays the host.
const VALUE = 'planted~secret+of/the=test_7f3a9c'
const ENCODED = [
  VALUE,
  Buffer.from(VALUE).toString('hex'),
  encodeURIComponent(VALUE),
  ...[0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + VALUE)
      .toString('base64')
      .slice(4, -4),
  ),
]
const folder = tempDir('secrets')
const dataDir = join(folder.path, 'data')
let host: TlsServer
let cli: ReturnType<typeof createCli>
let server: Awaited<ReturnType<ReturnType<typeof createCli>['up']>>

beforeAll(async () => {
  host = await startTlsServer(async (request, response) => {
    await text(request)
    const said = `you sent ${request.headers.authorization}, ${JSON.stringify(request.headers)}`
    // Long enough for somebody who watches the machine meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    response.writeHead(200, { 'content-encoding': 'gzip', etag: `"${request.headers.authorization}"` })
    response.end(zlib.gzipSync(`${said} ${Buffer.from(said).toString('base64')} ${encodeURIComponent(said)}`))
  })
  const authority = join(folder.path, 'authority.pem')
  writeFileSync(authority, host.authority)
  // The node trusts the host's authority; what the sandbox trusts is the node's own business.
  process.env.NODE_EXTRA_CA_CERTS = authority
  cli = createCli(dataDir)
  server = await cli.up()
})
afterAll(async () => {
  delete process.env.NODE_EXTRA_CA_CERTS
  await cli?.stop()
  host?.close()
  folder.remove()
})

/** What every process of the machine shows of itself. */
function processes(): string {
  const shown: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ']) {
      try {
        shown.push(readFileSync(`/proc/${pid}/${file}`, 'latin1'))
      } catch {
        shown.push('gone, or somebody else’s')
      }
    }
  }
  return shown.join('\n')
}

function* filesBelow(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const full = join(path, entry.name)
    if (entry.isDirectory()) yield* filesBelow(full)
    else if (entry.isFile() && statSync(full).size > 0) yield full
  }
}

const found = (where: string): string[] => ENCODED.filter((form) => where.includes(form))
const invoke = (...more: string[]) =>
  cli.run(
    ...['skill', 'invoke', 'http.get', '-i', `url=https://${host.host}/`, '-i', 'secret=API_TOKEN'],
    ...['--host', host.host, ...more, '--json'],
  )

describe('a secret that a run used', () => {
  let run: RunDetail

  it('is put by the command line, which does not show it again', async () => {
    const file = join(folder.path, 'value.txt')
    writeFileSync(file, `${VALUE}\n`)
    const put = await cli.run('secret', 'put', 'API_TOKEN', '--host', host.host, '--from-file', file, '--json')
    expect(put).toMatchObject({ code: 0 })
    expect(found(put.stdout + put.stderr)).toEqual([])
    const list = await cli.run('secret', 'list', '--json')
    expect(lastJson(list)).toMatchObject({
      items: [{ name: 'API_TOKEN', place: { in: 'header', name: 'authorization' } }],
    })
    const again = await cli.run('secret', 'put', 'API_TOKEN', '--host', host.host, '--from-file', file)
    expect(again.code).toBe(6)
    writeFileSync(file, '')
  })

  it('is used only within the scope', async () => {
    const verdict = lastJson<VerifyResponse>(await invoke('--dry-run'))
    expect(verdict).toMatchObject({ verdict: 'deny', reasons: [{ rule: 'secret_outside_scope' }] })
    expect(host.seen).toHaveLength(0)
  })

  it('reaches its host, while no process shows it', async () => {
    const { finished } = cli.start(
      ...['skill', 'invoke', 'http.get', '-i', `url=https://${host.host}/`, '-i', 'secret=API_TOKEN'],
      ...['--host', host.host, '--secret', 'API_TOKEN', '--json'],
    )
    let over = false
    const ended = finished.finally(() => {
      over = true
    })
    let looks = 0
    while (!over) {
      expect(found(processes())).toEqual([])
      if (host.seen.length > 0) looks += 1
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(looks).toBeGreaterThan(1)
    const result = await ended
    run = lastJson<RunDetail>(result)
    expect(run.state).toBe('success')
    expect(host.seen[0]?.headers.authorization).toBe(`Bearer ${VALUE}`)
    expect(JSON.stringify(run.outputs)).toContain('[secret API_TOKEN]')
    expect(found(result.stdout + result.stderr)).toEqual([])
  })

  it('is found nowhere: not in the journal, the database, the data directory, the log', async () => {
    const entries = lastJson<{ items: EntryRecord[] }>(await cli.run('run', 'show', run.id, '--json'))
    expect(found(JSON.stringify(entries))).toEqual([])
    const postgres = join(dataDir, 'postgres')
    const password = readFileSync(join(postgres, 'password'), 'utf8').trim()
    const [line = '', socket = ''] = [0, 4].map((at) =>
      (readFileSync(join(postgres, 'data/postmaster.pid'), 'utf8').split('\n')[at] ?? '').trim(),
    )
    expect(Number(line)).toBeGreaterThan(0)
    const connection = { host: socket, port: 5432, user: 'azora', password, database: 'postgres' }
    const db = createDb({ connection, max: 1, log: silentLog })
    const everything = await everythingIn(db)
    await db.close()
    expect(everything).toContain('secret.leased')
    expect(everything).toContain('[secret API_TOKEN]')
    expect(found(everything)).toEqual([])
    // Write-ahead log, heap files, artifacts, workspaces, logs and keys.
    const files = [...filesBelow(dataDir)]
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter((file) => found(readFileSync(file, 'latin1')).length > 0)).toEqual([])
    server.child.kill('SIGTERM')
    const { stdout, stderr } = await server.finished
    expect(found(stdout + stderr)).toEqual([])
    server = await cli.up()
  })

  it('leaves a record of its use', async () => {
    const { items } = lastJson<{ items: SecretLeaseView[] }>(await cli.run('secret', 'uses', 'API_TOKEN', '--json'))
    expect(items).toMatchObject([
      { run: run.id, version: 1, mode: 'brokered', end: 'finished', uses: [{ host: host.host, requests: 1 }] },
    ])
    expect(items[0]?.redactions).toBeGreaterThan(3)
    expect((await cli.run('run', 'evidence', run.id, '-o', join(folder.path, 'bundle.json'))).code).toBe(0)
    const bundle = readFileSync(join(folder.path, 'bundle.json'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Buffer.from((JSON.parse(line) as { payload: string }).payload, 'base64').toString())
      .join('\n')
    expect(bundle).toContain('lease.ended')
    expect(found(bundle)).toEqual([])
  })

  it('is of no use once it was removed', async () => {
    expect((await cli.run('secret', 'remove', 'API_TOKEN')).code).toBe(0)
    const after = await invoke('--secret', 'API_TOKEN', '--dry-run')
    expect(after.code).toBe(5)
    expect(after.stderr + after.stdout).toContain('secret_not_found')
    expect(host.seen).toHaveLength(1)
  })
})
