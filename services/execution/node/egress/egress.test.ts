import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import tls from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Egress, type EgressSpec, openEgress } from './egress.ts'
import { createEgressLog } from './log.ts'
import type { Resolve } from './permits.ts'

let dataDir: string
const cleanups: Array<() => unknown> = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azora-egress-test-'))
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await rm(dataDir, { recursive: true, force: true })
})

async function open(hosts: string[], resolve?: Resolve, limits: EgressSpec['limits'] = {}): Promise<Egress> {
  const egress = await openEgress({ hosts, dataDir, limits, ...(resolve && { resolve }) })
  cleanups.push(() => existsSync(egress.socket) && egress.close())
  return egress
}

/** A real server; answers its port and the connections that it has. */
async function serve<T extends net.Server>(server: T): Promise<{ port: number; connections: Set<net.Socket> }> {
  const connections = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    connections.add(socket.once('close', () => connections.delete(socket)).on('error', () => socket.destroy()))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanups.push(() => {
    for (const socket of connections) socket.destroy()
    server.close()
  })
  return { port: (server.address() as net.AddressInfo).port, connections }
}

const serveHttp = (listener: http.RequestListener = (request, response) => void request.pipe(response)) =>
  serve(http.createServer(listener))

/** Asks the proxy for a URL, as an HTTP client with a proxy does. */
async function ask({ socket }: Egress, url: string, { body = '', headers = {}, method = 'POST' } = {}) {
  const request = http.request({ socketPath: socket, path: url, method, headers, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** Asks the proxy for a tunnel; answers the status line's code and the connection. */
async function connect({ socket }: Egress, authority: string) {
  const client = net.connect({ path: socket, allowHalfOpen: true })
  cleanups.push(() => client.destroy())
  client.on('error', () => client.destroy())
  client.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`)
  const [head] = (await once(client, 'data')) as [Buffer]
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(head.toString())?.[1]), client }
}

describe('a plain request through the proxy', () => {
  it('reaches the permitted host and port', async () => {
    const { port } = await serveHttp((request, response) => {
      response.writeHead(201, { 'x-path': request.url, 'set-cookie': ['a=1', 'b=2'] })
      request.pipe(response)
    })
    const egress = await open([`127.0.0.1:${port}`])
    const answer = await ask(egress, `http://127.0.0.1:${port}/a?b=c`, { body: 'hello' })
    expect(answer).toMatchObject({
      status: 201,
      body: 'hello',
      headers: { 'x-path': '/a?b=c', 'set-cookie': ['a=1', 'b=2'] },
    })
  })

  it('reaches no other port, host or scheme', async () => {
    const [{ port }, other] = [await serveHttp(), await serveHttp()]
    const egress = await open([`127.0.0.1:${port}`, 'example.org'])
    const denied = [
      `http://127.0.0.1:${other.port}/`,
      `http://localhost:${port}/`,
      `http://127.0.0.2:${port}/`,
      `http://example.org:8080/`,
      `http://sub.example.org/`,
      `https://127.0.0.1:${port}/`,
      `http://example.org@127.0.0.1:${other.port}/`,
      '/',
    ]
    for (const url of denied) {
      const { status, headers } = await ask(egress, url)
      expect({ url, status, by: headers['x-azora-egress'] }).toEqual({
        url,
        status: 403,
        by: expect.stringMatching(/^(not_permitted|malformed)$/),
      })
    }
  })

  it('carries neither credentials for the proxy nor headers of the connection', async () => {
    const { port } = await serveHttp((request, response) => response.end(JSON.stringify(request.headers)))
    const headers = { 'proxy-authorization': 'Basic c2VjcmV0', 'keep-alive': '5', 'x-mine': 'kept', host: 'other.test' }
    const { body } = await ask(await open([`127.0.0.1:${port}`]), `http://127.0.0.1:${port}/`, { headers })
    const seen = JSON.parse(body)
    expect(seen).toMatchObject({ 'x-mine': 'kept', host: `127.0.0.1:${port}` })
    expect(Object.keys(seen)).not.toContain('proxy-authorization')
    expect(Object.keys(seen)).not.toContain('keep-alive')
  })

  it.each([
    ['nothing', ''],
    ['what is no HTTP', 'hello\r\n\r\n'],
    ['an impossible status', 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'],
  ])('is a bad gateway when the host answers %s', async (_what, answer) => {
    const { port } = await serve(net.createServer((socket) => socket.once('data', () => socket.end(answer))))
    const { status } = await ask(await open([`127.0.0.1:${port}`]), `http://127.0.0.1:${port}/`)
    expect(status).toBe(502)
  })

  it('ends upstream when the one who asked goes away', async () => {
    const { port, connections } = await serveHttp(() => undefined)
    const { socket } = await open([`127.0.0.1:${port}`])
    const request = http.request({ socketPath: socket, path: `http://127.0.0.1:${port}/`, agent: false })
    request.on('error', () => undefined).end()
    await vi.waitFor(() => expect(connections.size).toBe(1))
    request.destroy()
    await vi.waitFor(() => expect(connections.size).toBe(0))
  })
})

describe('a tunnel', () => {
  const echo = () => serve(net.createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)))

  it('carries bytes both ways to the permitted host and port', async () => {
    const { port } = await echo()
    const { status, client } = await connect(await open([`127.0.0.1:${port}`]), `127.0.0.1:${port}`)
    expect(status).toBe(200)
    client.end('through')
    expect(await text(client)).toBe('through')
  })

  it('leads to no other port or host', async () => {
    const [{ port }, other] = [await echo(), await echo()]
    const egress = await open([`127.0.0.1:${port}`, '127.0.0.1'])
    for (const authority of [`127.0.0.1:${other.port}`, `localhost:${port}`, 'example.org:443', '', ':::']) {
      expect({ authority, status: (await connect(egress, authority)).status }).toMatchObject({
        status: expect.any(Number),
      })
      expect((await connect(egress, authority)).status).not.toBe(200)
    }
  })

  // Some of these fill the buffers between the two so that the last of it waits when the host has long gone.
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 64])('hands over all of %i × 50 kB, also to one who reads late', async (size) => {
    const bytes = size * 50_000
    const { port, connections } = await serve(net.createServer((socket) => void socket.end(Buffer.alloc(bytes, 'x'))))
    const { socket } = await open([`127.0.0.1:${port}`])
    const client = net.connect(socket)
    cleanups.push(() => client.destroy())
    client.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await once(client, 'readable')
    for (let turn = 0; turn < 20 && connections.size > 0; turn += 1) await wait(5)
    expect((await text(client)).length).toBe(bytes + 'HTTP/1.1 200 Connection established\r\n\r\n'.length)
  })

  it('ends, and so does everything, when the proxy closes', async () => {
    const { port, connections } = await echo()
    const egress = await open([`127.0.0.1:${port}`])
    const { client } = await connect(egress, `127.0.0.1:${port}`)
    const closed = once(client.resume(), 'close')
    await egress.close()
    client.end()
    await closed
    await vi.waitFor(() => expect(connections.size).toBe(0))
    expect(await readdir(dataDir)).toEqual([])
  })
})

describe('a name', () => {
  it.each(['127.0.0.1', '10.1.2.3', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'])(
    'that leads to %s is denied',
    async (address) => {
      const egress = await open(['rebind.test'], async () => [{ address }])
      expect((await ask(egress, 'http://rebind.test/')).status).toBe(403)
      expect((await connect(egress, 'rebind.test:443')).status).toBe(403)
    },
  )

  it.each(['::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::'])(
    'that leads to %s is denied',
    async (address) => {
      const egress = await open(['rebind.test'], async () => [{ address }])
      expect((await connect(egress, 'rebind.test:443')).status).toBe(403)
    },
  )

  it('that leads nowhere is denied', async () => {
    const egress = await open(['nowhere.test'], () => Promise.reject(new TypeError('no such name')))
    expect((await ask(egress, 'http://nowhere.test/')).status).toBe(403)
  })

  it('is looked up only when it is permitted', async () => {
    const asked: string[] = []
    const egress = await open(['good.test'], async (host) => {
      asked.push(host)
      return [{ address: '127.0.0.1' }]
    })
    await ask(egress, 'http://evil.test/')
    await ask(egress, 'http://good.test/')
    expect(asked).toEqual(['good.test'])
  })

  it('localhost is this machine when it is permitted by that name', async () => {
    const { port } = await serveHttp()
    const egress = await open([`localhost:${port}`], async () => [{ address: '127.0.0.1' }])
    expect((await ask(egress, `http://localhost:${port}/`, { body: 'here' })).body).toBe('here')
  })

  it('that is found only after the proxy closed leads to no connection', async () => {
    const callers: unknown[] = []
    const { port } = await serve(net.createServer((socket) => void callers.push(socket.remotePort)))
    const lookup = Promise.withResolvers<Array<{ address: string }>>()
    const asked = Promise.withResolvers<void>()
    const egress = await open([`localhost:${port}`], () => {
      asked.resolve()
      return lookup.promise
    })
    const client = net.connect(egress.socket).on('error', () => undefined)
    client.write(`CONNECT localhost:${port} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await asked.promise
    await egress.close()
    lookup.resolve([{ address: '127.0.0.1' }])
    // A connection that was made now would arrive before this one.
    await wait(20)
    const later = net.connect(port, '127.0.0.1')
    await once(later, 'connect')
    await vi.waitFor(() => expect(callers).toContain(later.localPort))
    expect(callers).toEqual([later.localPort])
    later.destroy()
  })
})

describe('an address', () => {
  it.each(['169.254.169.254', '[fd00:ec2::254]', '168.63.129.16', '[::ffff:169.254.169.254]', '[64:ff9b::a9fe:a9fe]'])(
    'of a metadata service is not reached, even when it is permitted: %s',
    async (address) => {
      const egress = await open([address])
      expect((await ask(egress, `http://${address}/`)).headers['x-azora-egress']).toMatch(
        /metadata_address|not_permitted/,
      )
      expect((await connect(egress, `${address}:443`)).status).toBe(403)
    },
  )

  it.each([
    ['a private one beside it', ['93.184.216.34', '10.0.0.1']],
    ['a documentation one', ['192.0.2.1']],
    ['one of another IPv6 than the public', ['4000::1']],
    ['a mapped one', ['::ffff:93.184.216.34']],
  ])('that a name leads to may not be %s', async (_what, addresses) => {
    const egress = await open(['rebind.test'], async () => addresses.map((address) => ({ address })))
    expect((await connect(egress, 'rebind.test:443')).status).toBe(403)
    expect(await egress.close()).toMatchObject([{ host: 'rebind.test', reason: 'private_address' }])
  })

  it('behind localhost may not be another machine', async () => {
    const egress = await open(['localhost:80'], async () => [{ address: '10.0.0.1' }])
    expect((await ask(egress, 'http://localhost/')).headers['x-azora-egress']).toBe('private_address')
  })

  it('is asked for anew with each connection, and the answer is checked each time', async () => {
    const { port } = await serveHttp()
    const answers = [['127.0.0.1'], ['10.0.0.1'], ['127.0.0.1']]
    const egress = await open([`localhost:${port}`], async () =>
      (answers.shift() ?? []).map((address) => ({ address })),
    )
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await ask(egress, `http://localhost:${port}/`)).status)
    expect(statuses).toEqual([200, 403, 200, 403])
  })

  it('that does not answer is followed by the next', async () => {
    const { port } = await serveHttp()
    const egress = await open([`localhost:${port}`], async () => [{ address: '::1' }, { address: '127.0.0.1' }])
    const { client, status } = await connect(egress, `localhost:${port}`)
    expect(status).toBe(200)
    client.destroy()
  })
})

describe('TLS in a tunnel', () => {
  async function shake(servername: string): Promise<string> {
    const { port } = await serve(net.createServer((socket) => void socket.once('data', () => socket.end('seen'))))
    const egress = await open([`localhost:${port}`], async () => [{ address: '127.0.0.1' }])
    const { client } = await connect(egress, `localhost:${port}`)
    let seen = ''
    client.on('data', (chunk) => {
      seen += chunk
    })
    const secured = tls.connect({ socket: client, servername }).on('error', () => undefined)
    await vi.waitFor(() => expect(client.destroyed || seen !== '').toBe(true))
    secured.destroy()
    const [row] = await egress.close()
    return row?.reason ?? 'allowed'
  }

  it('asks for the host that the tunnel leads to', async () => {
    expect(await shake('localhost')).toBe('allowed')
    expect(await shake('other.test')).toBe('sni_mismatch')
    expect(await shake('')).toBe('sni_mismatch')
  })

  it('stands alone: no plain request goes through', async () => {
    const { port } = await serveHttp()
    const egress = await open([`127.0.0.1:${port}`])
    const { client } = await connect(egress, `127.0.0.1:${port}`)
    client.write('GET / HTTP/1.1\r\nhost: other.test\r\n\r\n')
    expect(await text(client)).toBe('')
    expect(await egress.close()).toMatchObject([{ verdict: 'refused', reason: 'plain_http' }])
  })
})

describe('the log', () => {
  it('tells each host, verdict and number of bytes', async () => {
    const { port } = await serveHttp()
    const egress = await open([`127.0.0.1:${port}`])
    for (let i = 0; i < 3; i++) await ask(egress, `http://127.0.0.1:${port}/`, { body: 'hello' })
    await ask(egress, 'http://evil.test/', { body: 'hello' })
    await connect(egress, 'evil.test:22')
    await connect(egress, 'no authority')
    expect(await egress.close()).toEqual([
      { host: '127.0.0.1', port, verdict: 'allowed', connections: 3, up: 15, down: 15 },
      { host: 'evil.test', port: 80, verdict: 'refused', reason: 'not_permitted', connections: 1, up: 0, down: 0 },
      { host: 'evil.test', port: 22, verdict: 'refused', reason: 'not_permitted', connections: 1, up: 0, down: 0 },
      { host: '*', port: 0, verdict: 'refused', reason: 'malformed', connections: 1, up: 0, down: 0 },
    ])
  })

  it('is bounded, and counts what it leaves out', async () => {
    const log = createEgressLog()
    for (let port = 1; port <= 5_000; port++) log.refused({ host: 'evil.test', port }, 'not_permitted')
    const rows = log.rows()
    expect(rows.length).toBeLessThanOrEqual(100)
    expect(rows.reduce((sum, { connections }) => sum + connections, 0)).toBe(5_000)
  })
})

describe('limits', () => {
  it('end what asks too often', async () => {
    const { port } = await serveHttp()
    const egress = await open([`127.0.0.1:${port}`], undefined, { requests: 2 })
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await ask(egress, `http://127.0.0.1:${port}/`)).status)
    expect(statuses).toEqual([200, 200, 403])
    expect((await connect(egress, `127.0.0.1:${port}`)).status).toBe(403)
  })

  it('end what carries too much, in a tunnel and in a request', async () => {
    const { port } = await serve(net.createServer((socket) => void socket.end(Buffer.alloc(100_000))))
    const egress = await open([`127.0.0.1:${port}`], undefined, { bytes: 50_000 })
    const { client } = await connect(egress, `127.0.0.1:${port}`)
    expect((await text(client)).length).toBeLessThan(100_000)
    expect(await egress.close()).toMatchObject([{ verdict: 'refused', reason: 'limit_bytes' }])
  })

  it('end what is silent for too long', async () => {
    const { port } = await serve(net.createServer(() => undefined))
    const egress = await open([`127.0.0.1:${port}`], undefined, { idleMs: 50 })
    const { client } = await connect(egress, `127.0.0.1:${port}`)
    await text(client)
    expect(await egress.close()).toMatchObject([{ reason: 'limit_time' }])
  })

  it('refuse headers that are too long', async () => {
    const egress = await open(['127.0.0.1:1'])
    const { status } = await ask(egress, 'http://127.0.0.1:1/', { headers: { x: 'y'.repeat(40_000) } })
    expect(status).toBe(400)
  })
})
