import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Egress, openEgress, type Resolve } from './egress.ts'

let dataDir: string
const cleanups: Array<() => unknown> = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azora-egress-test-'))
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await rm(dataDir, { recursive: true, force: true })
})

async function open(hosts: string[], resolve?: Resolve): Promise<Egress> {
  const egress = await openEgress(hosts, dataDir, resolve)
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
      expect({ url, status, by: headers['x-azora-egress'] }).toEqual({ url, status: 403, by: 'denied' })
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
      const egress = await open(['rebind.test'], async () => ({ address, family: 4 }))
      expect((await ask(egress, 'http://rebind.test/')).status).toBe(403)
      expect((await connect(egress, 'rebind.test:443')).status).toBe(403)
    },
  )

  it.each(['::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::'])(
    'that leads to %s is denied',
    async (address) => {
      const egress = await open(['rebind.test'], async () => ({ address, family: 6 }))
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
      return { address: '127.0.0.1', family: 4 }
    })
    await ask(egress, 'http://evil.test/')
    await ask(egress, 'http://good.test/')
    expect(asked).toEqual(['good.test'])
  })

  it('localhost is this machine when it is permitted by that name', async () => {
    const { port } = await serveHttp()
    const egress = await open([`localhost:${port}`], async () => ({ address: '127.0.0.1', family: 4 }))
    expect((await ask(egress, `http://localhost:${port}/`, { body: 'here' })).body).toBe('here')
  })

  it('that is found only after the proxy closed leads to no connection', async () => {
    const callers: unknown[] = []
    const { port } = await serve(net.createServer((socket) => void callers.push(socket.remotePort)))
    const lookup = Promise.withResolvers<{ address: string; family: number }>()
    const asked = Promise.withResolvers<void>()
    const egress = await open([`localhost:${port}`], () => {
      asked.resolve()
      return lookup.promise
    })
    const client = net.connect(egress.socket).on('error', () => undefined)
    client.write(`CONNECT localhost:${port} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await asked.promise
    await egress.close()
    lookup.resolve({ address: '127.0.0.1', family: 4 })
    // A connection that was made now would arrive before this one.
    await wait(20)
    const later = net.connect(port, '127.0.0.1')
    await once(later, 'connect')
    await vi.waitFor(() => expect(callers).toContain(later.localPort))
    expect(callers).toEqual([later.localPort])
    later.destroy()
  })
})
