import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import http2 from 'node:http2'
import https from 'node:https'
import { join } from 'node:path'
import { type Client, createClient, localServer, ownerToken } from '@azora/sdk/client'
import { credentials, status } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, type Certificate, createAuthority } from '../support/certificates.ts'
import { createCli, until } from '../support/cli.ts'
import { grpcClient } from '../support/grpc.ts'
import { tempDir } from '../support/temp-dir.ts'

const folder = tempDir('tls')
const dataDir = join(folder.path, 'data')
const cli = createCli(dataDir, { NODE_EXTRA_CA_CERTS: join(folder.path, 'ca.pem') })
const NODE = 'node:eu-1'

let authority: Authority
let server: ReturnType<typeof cli.start>
let client: Client
/** Where others connect: `https://localhost:PORT`. */
let origin = ''
let ownersToken = ''
let nodesToken = ''

const put = (name: string, text: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}
const flagsFor = (name: string, { cert, key }: Certificate): string[] => [
  ...['--tls-cert', put(`${name}.pem`, cert)],
  ...['--tls-key', put(`${name}.key`, key)],
]

beforeAll(async () => {
  authority = await createAuthority()
  put('ca.pem', authority.pem)
  const own = flagsFor('server', await authority.issue({ type: 'dns', value: 'localhost' }))
  server = cli.start('server', '--port', '0', ...own, '--tls-client-ca', join(folder.path, 'ca.pem'))
  let said = ''
  server.child.stdout?.on('data', (chunk) => {
    said += chunk
  })
  await until(() => said.includes('ready at'), 60_000, 'the server to be ready')
  origin = /ready at (\S+)/.exec(said)?.[1] ?? ''
  ownersToken = (await ownerToken(dataDir)) ?? ''
  // Programs of this machine need no certificate.
  client = createClient({ url: (await localServer(dataDir))?.url ?? '', token: ownersToken })
  nodesToken = (await client.addPrincipal({ id: NODE, roles: ['node'], keys: [] })).token ?? ''
})
afterAll(async () => {
  await cli.stop()
  folder.remove()
})

interface Answer {
  status: number
  code: string | undefined
}

function ask(token: string, shown: Partial<Certificate> & { maxVersion?: 'TLSv1.2' } = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    const request = https.get(`${origin}/api/v1/runs`, { ca: authority.pem, headers, ...shown }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString()
      resolve({ status: response.statusCode ?? 0, code: (JSON.parse(text) as { code?: string }).code })
    })
    request.once('error', reject)
  })
}

/** Starts a node that shows a certificate, or none. */
const startNode = (shown: string[]): ReturnType<typeof cli.start> =>
  cli.start(
    ...['node', '--name', 'eu-1', '--url', `${origin.replace('https', 'wss')}/api/v1/nodes/connect`],
    ...['--token-file', put('node.token', nodesToken), '--journal-key-file', join(dataDir, 'keys', 'journal.vkey')],
    ...['--drain', '0', ...shown],
  )

describe('a server with TLS that asks for certificates', () => {
  it('answers those who show none, by its own name and in no older version than 1.3', async () => {
    expect(origin).toMatch(/^https:\/\/localhost:\d+$/)
    expect(await ask(ownersToken)).toMatchObject({ status: 200 })
    await expect(ask(ownersToken, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/)
  })

  it('refuses a certificate of another authority, an expired one, and one of somebody else', async () => {
    const foreign = await (await createAuthority()).issue({ type: 'url', value: 'user:owner' })
    const expired = await authority.issue({ type: 'url', value: 'user:owner' }, -1_000)
    const others = await authority.issue({ type: 'url', value: 'user:alice' })
    const own = await authority.issue({ type: 'url', value: 'user:owner' })
    const untrusted = { status: 403, code: 'certificate_untrusted' }
    expect(await ask(ownersToken, foreign)).toEqual(untrusted)
    expect(await ask(ownersToken, expired)).toEqual(untrusted)
    expect(await ask(ownersToken, others)).toEqual({ status: 403, code: 'certificate_mismatch' })
    expect(await ask(ownersToken, own)).toMatchObject({ status: 200 })
  })

  it('serves gRPC on the same port, and asks for the same certificates', async () => {
    const host = origin.replace('https://', '')
    const trusted = credentials.createSsl(Buffer.from(authority.pem))
    const owner = grpcClient(host, trusted, ownersToken)
    expect(await owner.call('RunService', 'ListRuns', {})).toMatchObject({ code: status.OK })
    expect(await owner.call('RunService', 'ListRuns', {}, { token: nodesToken })).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: { ErrorInfo: { reason: 'certificate_required' } },
    })
    owner.close()
  })

  it('answers HTTP/2 as HTTP/1.1', async () => {
    const session = http2.connect(origin, { ca: authority.pem })
    const request = session.request({ ':path': '/api/v1/runs', authorization: `Bearer ${ownersToken}` })
    const [headers] = await once(request, 'response')
    const text = Buffer.concat(await request.toArray()).toString()
    session.close()
    expect([headers[':status'], JSON.parse(text)]).toMatchObject([200, { items: [] }])
  })

  it('lets a node in that shows its own, which performs actions', async () => {
    const node = startNode(flagsFor('node', await authority.issue({ type: 'url', value: NODE })))
    await until(async () => (await client.status()).nodes.length === 1, 30_000, 'the node to be connected')
    const done = await client.execute({ skillId: 'text.measure', input: { text: 'over TLS' } })
    await until(async () => (await client.run(done.runId)).state === 'success', 30_000, 'the run to succeed')
    node.child.kill('SIGTERM')
    expect((await node.finished).code).toBe(0)
  })

  it.each([
    ['none', undefined],
    ['that of another node', 'node:eu-2'],
  ])('keeps a node out that has the token, but shows %s', async (_what, name) => {
    const shown = name === undefined ? [] : flagsFor('wrong', await authority.issue({ type: 'url', value: name }))
    const node = startNode([...shown, '--log-level', 'warn'])
    let said = ''
    node.child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    await until(() => said.includes('403'), 30_000, 'the node to be refused')
    expect((await client.status()).nodes).toEqual([])
    node.child.kill('SIGTERM')
    await node.finished
  })
})

describe('a server for other machines', () => {
  it('does not listen in clear unless it is said', async () => {
    const { code, stderr } = await createCli(join(folder.path, 'other')).run(
      'server',
      '--port',
      '0',
      '--host',
      '0.0.0.0',
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/send tokens in clear[\s\S]*--tls-cert[\s\S]*--allow-plaintext/)
  })
})
