import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import zlib from 'node:zlib'
import type { SecretPlace, SecretUse } from '@azora/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTlsServer, type TlsServer } from '../../testing/tls-server.ts'
import { type HeldSecrets, holdSecrets } from '../secrets/held.ts'
import { type Egress, openEgress } from './egress.ts'

const VALUE = 'planted/secret+value=0'
const BEARER: SecretPlace = { in: 'header', name: 'authorization', format: 'Bearer {}' }
const ORIGINAL = tls.getCACertificates('default')

/** Answers with what it is told to by the query: an echo in every shape that a host may give it. */
const listener: http.RequestListener = async (request, response) => {
  const url = new URL(request.url ?? '/', 'https://localhost')
  const body = await text(request)
  const said = `${request.headers.authorization ?? ''}|${url.searchParams.get('key') ?? ''}|${body}`
  const how = url.searchParams.get('echo')
  if (how === 'base64') response.end(Buffer.from(`x${said}`).toString('base64'))
  else if (how === 'hex') response.end(Buffer.from(said).toString('hex'))
  else if (how === 'url') response.end(encodeURIComponent(said))
  else if (how === 'json') response.end(JSON.stringify({ said }))
  else if (how === 'gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(said))
  else if (how === 'br') response.writeHead(200, { 'content-encoding': 'br' }).end(zlib.brotliCompressSync(said))
  else if (how === 'unknown') response.writeHead(200, { 'content-encoding': 'aes128gcm' }).end(said)
  else if (how === 'header') response.writeHead(200, { 'x-said': said, 'set-cookie': [`a=${said}`, 'b=2'] }).end()
  else if (how === 'redirect') response.writeHead(302, { location: `https://evil.test/?${said}` }).end()
  else if (how === 'slowly') {
    for (const character of said) {
      response.write(character)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    response.end()
  } else response.end(`said ${said}`)
}

let server: TlsServer
let dataDir: string
const cleanups: Array<() => unknown> = []
beforeAll(async () => {
  server = await startTlsServer(listener)
  tls.setDefaultCACertificates([...ORIGINAL, server.authority.certificate])
})
afterAll(() => {
  tls.setDefaultCACertificates(ORIGINAL)
  server.close()
})
beforeEach(async () => {
  server.seen.length = 0
  dataDir = await mkdtemp(join(tmpdir(), 'azora-broker-'))
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await rm(dataDir, { recursive: true, force: true })
})

interface Opened {
  egress: Egress
  secrets: HeldSecrets
  placeholder: string
  ca: string
}

async function open(change: Partial<SecretUse> = {}, hosts: string[] = []): Promise<Opened> {
  const host = `localhost:${server.port}`
  const use: SecretUse = {
    slot: 'token',
    name: 'TOKEN',
    version: 'current',
    hosts: [host],
    place: BEARER,
    mode: 'brokered',
    leaseMs: 60_000,
    ...change,
  }
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const secrets = holdSecrets([{ leaseId: randomUUID(), use, value: VALUE, expiresAt }], Date.now())
  const resolve = async () => [{ address: '127.0.0.1' }]
  const egress = await openEgress({ hosts: [host, ...hosts], dataDir, secrets, resolve })
  let closed: ReturnType<Egress['close']> | undefined
  const close = egress.close
  egress.close = () => {
    closed ??= close()
    return closed
  }
  cleanups.push(() => egress.close())
  const ca = await readFile(egress.trust?.read[0] ?? '', 'utf8')
  return { egress, secrets, placeholder: secrets.all[0]?.placeholder ?? '', ca }
}

async function tunnelTo({ egress }: Opened, authority = `localhost:${server.port}`): Promise<net.Socket> {
  const client = net.connect(egress.socket)
  client.on('error', () => client.destroy())
  cleanups.push(() => client.destroy())
  client.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`)
  const [head] = (await once(client, 'data')) as [Buffer]
  expect(head.toString()).toMatch(/^HTTP\/1.1 200/)
  return client
}

/** Sends raw text through the broker; answers all that comes back. */
async function send(opened: Opened, raw: string | Buffer, options: tls.ConnectionOptions = {}): Promise<string> {
  const socket = await tunnelTo(opened)
  const secured = tls.connect({ socket, servername: 'localhost', ca: opened.ca, ...options })
  let answer = ''
  secured.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  secured.on('error', (error: NodeJS.ErrnoException) => {
    answer += `error ${error.code}`
  })
  secured.once('secureConnect', () => secured.write(raw))
  await Promise.race([
    new Promise((resolve) => secured.once('close', resolve)),
    new Promise((resolve) => setTimeout(resolve, 5_000)),
  ])
  secured.destroy()
  return answer
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): string => {
  const all = { host: `localhost:${server.port}`, connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}
const bearer = ({ placeholder }: Opened) => ({ authorization: `Bearer ${placeholder}` })
const forms = [
  VALUE,
  Buffer.from(VALUE).toString('hex'),
  encodeURIComponent(VALUE),
  Buffer.from(VALUE).toString('base64').slice(0, -4),
]
const expectHidden = (answer: string): void => {
  for (const form of forms) expect(answer).not.toContain(form)
}

describe('a secret in its place', () => {
  it('reaches its host in a header, and is hidden in the answer', async () => {
    const opened = await open()
    const answer = await send(opened, get('/', bearer(opened)))
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${VALUE}`)
    expect(answer).toMatch(/^HTTP\/1.1 200/)
    expect(answer).toContain('said Bearer [secret TOKEN]')
    expectHidden(answer)
    expect(opened.secrets.release()).toMatchObject([
      { uses: [{ host: `localhost:${server.port}`, requests: 1 }], redactions: 1 },
    ])
    expect(await opened.egress.close()).toMatchObject([{ host: 'localhost', verdict: 'allowed', connections: 1 }])
  })

  it('reaches it as the password of Basic authentication', async () => {
    const opened = await open({ place: { in: 'basic', user: 'git' } })
    const authorization = `Basic ${Buffer.from(`git:${opened.placeholder}`).toString('base64')}`
    await send(opened, get('/', { authorization }))
    const [, sent] = (server.seen[0]?.headers.authorization ?? '').split(' ')
    expect(Buffer.from(sent ?? '', 'base64').toString()).toBe(`git:${VALUE}`)
  })

  it('reaches it in the query', async () => {
    const opened = await open({ place: { in: 'query', name: 'key' } })
    const answer = await send(opened, get(`/?a=1&key=${opened.placeholder}&b=2`))
    expect(server.seen[0]?.url).toBe(`/?a=1&key=${encodeURIComponent(VALUE)}&b=2`)
    expectHidden(answer)
  })

  it.each([
    ['application/json', (p: string) => JSON.stringify({ key: p }), JSON.stringify({ key: VALUE })],
    ['application/x-www-form-urlencoded', (p: string) => `key=${p}`, `key=${encodeURIComponent(VALUE)}`],
    ['text/plain; charset=utf-8', (p: string) => p, VALUE],
  ])('reaches it in a body of %s', async (type, make, expected) => {
    const opened = await open({ place: { in: 'body' } })
    const body = make(opened.placeholder)
    const headers = { 'content-type': type, 'content-length': String(body.length) }
    const answer = await send(opened, get('/', headers, 'POST', body))
    expect(server.seen[0]?.headers['content-length']).toBe(String(expected.length))
    expect(answer).toMatch(/^HTTP\/1.1 200/)
    expectHidden(answer)
  })

  it('is not put in when nothing stands for it', async () => {
    await send(await open(), get('/'))
    expect(server.seen[0]?.headers.authorization).toBeUndefined()
  })
})

describe('an answer', () => {
  it.each(['plain', 'base64', 'hex', 'url', 'json', 'gzip', 'br', 'header', 'redirect', 'slowly'])(
    'that echoes it does not show it: %s',
    async (how) => {
      const opened = await open()
      const answer = await send(opened, get(`/?echo=${how}`, bearer(opened)))
      expect(server.seen).toHaveLength(1)
      expect(answer).toContain('[secret TOKEN]')
      expectHidden(answer)
    },
  )

  it('in a coding that nobody can look into is not handed over', async () => {
    const opened = await open()
    expect(await send(opened, get('/?echo=unknown', bearer(opened)))).toContain('x-azora-egress: unreadable_answer')
  })

  it('comes whole: no part of it can be asked for', async () => {
    const opened = await open()
    await send(opened, get('/', { ...bearer(opened), range: 'bytes=0-3', 'if-range': 'x', 'accept-encoding': 'zstd' }))
    expect(server.seen[0]?.headers).not.toHaveProperty('range')
    expect(server.seen[0]?.headers['accept-encoding']).toBe('identity')
  })
})

/** Each tries to bring the value somewhere else; the host must not have seen it, and the log must say why. */
const ATTEMPTS: Array<[string, (opened: Opened) => string, string]> = [
  ['another Host', (o) => get('/', { ...bearer(o), host: 'evil.test' }), 'host_mismatch'],
  ['no port in Host', (o) => get('/', { ...bearer(o), host: 'localhost' }), 'host_mismatch'],
  ['two Hosts', (o) => get('/', bearer(o)).replace('\r\n', `\r\nhost: evil.test\r\n`), 'host_mismatch|malformed'],
  ['an absolute URL', (o) => get('https://evil.test/', bearer(o)), 'malformed'],
  ['TRACE', (o) => get('/', bearer(o), 'TRACE'), 'malformed'],
  ['CONNECT within', (o) => get('evil.test:443', bearer(o), 'CONNECT'), 'upgrade'],
  ['a websocket', (o) => get('/', { ...bearer(o), connection: 'upgrade', upgrade: 'websocket' }), 'upgrade'],
  ['h2c', (o) => get('/', { ...bearer(o), connection: 'upgrade', upgrade: 'h2c' }), 'upgrade'],
  ['HTTP/2 without asking', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'malformed'],
  ['another header', (o) => get('/', { 'x-other': o.placeholder }), 'placeholder_misplaced'],
  ['another form of the header', (o) => get('/', { authorization: `Token ${o.placeholder}` }), 'placeholder_misplaced'],
  ['the name of a header', (o) => get('/', { [`x-${o.placeholder}`]: '1' }), 'placeholder_misplaced'],
  ['the path', (o) => get(`/${o.placeholder}`), 'placeholder_misplaced'],
  ['the query', (o) => get(`/?q=${o.placeholder}`, bearer(o)), 'placeholder_misplaced'],
  [
    'Basic where Bearer is meant',
    (o) => get('/', { authorization: `Basic ${Buffer.from(`a:${o.placeholder}`).toString('base64')}` }),
    'placeholder_misplaced',
  ],
  [
    'the body',
    (o) => get('/', { 'content-length': String(o.placeholder.length) }, 'POST', o.placeholder),
    'placeholder_misplaced',
  ],
  [
    'both lengths (CL.TE)',
    (o) => get('/', { ...bearer(o), 'content-length': '5', 'transfer-encoding': 'chunked' }, 'POST', '0\r\n\r\nGET /'),
    'malformed',
  ],
  [
    'a coding that is not understood (TE.TE)',
    (o) => get('/', { ...bearer(o), 'transfer-encoding': 'chunked, x' }, 'POST', '0\r\n\r\n'),
    'malformed',
  ],
  [
    'two lengths',
    (o) =>
      get('/', { ...bearer(o), 'content-length': '3' }, 'POST', 'abc').replace('\r\n', '\r\ncontent-length: 4\r\n'),
    'malformed',
  ],
  ['a bare line feed', (o) => get('/', bearer(o)).replaceAll('\r\n', '\n'), 'malformed'],
  [
    'a header that is folded',
    (o) => get('/', { 'x-a': `1\r\n Authorization: ${o.placeholder}` }),
    'malformed|placeholder_misplaced',
  ],
]

describe('an escape', () => {
  it.each(ATTEMPTS)('by %s is refused', async (_what, make, reason) => {
    const opened = await open()
    const answer = await send(opened, make(opened))
    expect(answer).not.toMatch(/^HTTP\/1.1 (200|101)/)
    expectHidden(answer)
    for (const request of server.seen) expect(JSON.stringify(request.rawHeaders)).not.toContain(VALUE)
    const refused = (await opened.egress.close()).filter(({ verdict }) => verdict === 'refused')
    expect(refused.map((row) => row.reason).join()).toMatch(new RegExp(`^(${reason})$`))
  })

  it('by a second request on the connection is judged like the first', async () => {
    const opened = await open()
    const first = get('/?echo=plain', { ...bearer(opened), connection: 'keep-alive' })
    const answer = await send(opened, first + get('/', { ...bearer(opened), host: 'evil.test' }))
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403'])
    expect(server.seen).toHaveLength(1)
    expectHidden(answer)
  })

  it('by another server name does not get through TLS', async () => {
    const opened = await open()
    await send(opened, get('/', bearer(opened)), { servername: 'evil.test', checkServerIdentity: () => undefined })
    expect(server.seen).toHaveLength(0)
    expect(await opened.egress.close()).toMatchObject([{ verdict: 'refused', reason: 'sni_mismatch' }])
  })

  it('by HTTP/2 alone does not get through TLS', async () => {
    const opened = await open()
    await send(opened, get('/', bearer(opened)), { ALPNProtocols: ['h2'] })
    expect(server.seen).toHaveLength(0)
    expect(await opened.egress.close()).toMatchObject([{ verdict: 'refused', reason: 'tls_failed' }])
  })

  it('to a permitted host that the secret is not for carries nothing', async () => {
    const other = await startTlsServer(listener)
    cleanups.push(() => other.close())
    const opened = await open({}, [`localhost:${other.port}`])
    const plain = await open({ hosts: ['elsewhere.test'] })
    const socket = await tunnelTo(opened, `localhost:${other.port}`)
    const secured = tls.connect({ socket, servername: 'localhost', ca: other.authority.certificate })
    await once(secured, 'secureConnect')
    secured.write(get('/', { ...bearer(opened), host: `localhost:${other.port}` }))
    const [answer] = (await once(secured, 'data')) as [Buffer]
    expect(answer.toString()).toContain('200')
    expect(other.seen[0]?.headers.authorization).toBe(`Bearer ${opened.placeholder}`)
    expect(plain.secrets.of({ host: 'localhost', port: server.port })).toEqual([])
  })

  it('in a plain request is refused, in its head and in its body', async () => {
    const target = net.createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'))
    await once(target.listen(0, '127.0.0.1'), 'listening')
    cleanups.push(() => target.close())
    const authority = `127.0.0.1:${(target.address() as net.AddressInfo).port}`
    const opened = await open({}, [authority])
    for (const raw of [
      `GET http://${authority}/?q=${opened.placeholder} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      `GET http://${authority}/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${opened.placeholder}\r\nconnection: close\r\n\r\n`,
    ]) {
      const client = net.connect(opened.egress.socket)
      client.write(raw)
      expect(await text(client)).toContain('x-azora-egress: placeholder_elsewhere')
    }
    expect(await opened.egress.close()).toMatchObject([{ reason: 'placeholder_elsewhere', connections: 2 }])
  })
})

describe('a lease', () => {
  it('that has ended puts nothing in', async () => {
    const opened = await open()
    opened.secrets.endLease(opened.secrets.all[0]?.leaseId ?? '')
    const answer = await send(opened, get('/', bearer(opened)))
    expect(answer).toContain('x-azora-egress: lease_ended')
    expect(server.seen).toHaveLength(0)
  })
})

describe('the host', () => {
  it.each([
    ['of an unknown authority', 'localhost'],
    ['of another name', 'other.test'],
  ])('with a certificate %s gets nothing', async (_what, name) => {
    const stranger = await startTlsServer(listener, name)
    cleanups.push(() => stranger.close())
    if (name !== 'localhost') {
      tls.setDefaultCACertificates([...ORIGINAL, server.authority.certificate, stranger.authority.certificate])
      cleanups.push(() => tls.setDefaultCACertificates([...ORIGINAL, server.authority.certificate]))
    }
    const authority = `localhost:${stranger.port}`
    const opened = await open({ hosts: [authority] }, [authority])
    const socket = await tunnelTo(opened, authority)
    const secured = tls.connect({ socket, servername: 'localhost', ca: opened.ca })
    await once(secured, 'secureConnect')
    secured.write(get('/', { ...bearer(opened), host: authority }))
    const [answer] = (await once(secured, 'data')) as [Buffer]
    expect(answer.toString()).toContain('x-azora-egress: untrusted_certificate')
    expect(stranger.seen).toHaveLength(0)
  })

  it('is all that the sandbox trusts the proxy for', async () => {
    const { egress } = await open()
    const bundle = await readFile(egress.trust?.env.SSL_CERT_FILE ?? '', 'utf8')
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(20)
    expect(bundle.endsWith(await readFile(egress.trust?.env.NODE_EXTRA_CA_CERTS ?? '', 'utf8'))).toBe(true)
    expect(bundle).not.toContain('PRIVATE')
  })
})
