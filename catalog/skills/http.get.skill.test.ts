import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { perform } from '../testing/workspace.ts'
import get from './http.get.skill.ts'

const servers: Server[] = []

afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function withoutProxy(): void {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) vi.stubEnv(name, undefined)
}

test('gets text with the headers that describe it', async () => {
  withoutProxy()
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'secret=1', etag: '"1"' })
    response.end(`you asked for ${request.url}`)
  })
  const result = await perform(get, '/', { url: `${url}/a?b=c` })
  expect(result).toMatchObject({ status: 200, encoding: 'utf8', body: 'you asked for /a?b=c', truncated: false })
  expect(result.headers).toMatchObject({ 'content-type': 'text/plain', etag: '"1"' })
  expect(result.headers).not.toHaveProperty('set-cookie')
})

test('reports a redirect and an error status', async () => {
  withoutProxy()
  const url = await serve((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: 'http://elsewhere.example/' }).end()
    else response.writeHead(500).end('no')
  })
  expect(await perform(get, '/', { url })).toMatchObject({
    status: 302,
    headers: { location: 'http://elsewhere.example/' },
  })
  expect(await perform(get, '/', { url: `${url}/x` })).toMatchObject({ status: 500, body: 'no' })
})

test('reads no more than asked for, and gives binary content as base64', async () => {
  withoutProxy()
  const url = await serve((request, response) => {
    response.end(request.url === '/binary' ? Buffer.from([255, 0, 1]) : 'é'.repeat(1_000_000))
  })
  const long = await perform(get, '/', { url, maxBytes: 1001 })
  expect(long).toMatchObject({ encoding: 'utf8', body: 'é'.repeat(500), truncated: true })
  expect(await perform(get, '/', { url: `${url}/binary` })).toMatchObject({ encoding: 'base64', body: '/wAB' })
})

test('goes through the proxy that the sandbox names', async () => {
  withoutProxy()
  const seen: string[] = []
  const origin = await serve((_, response) => void response.end('origin'))
  const proxy = await serve((request, response) => {
    seen.push(request.url ?? '')
    response.end('through the proxy')
  })
  const server = servers.at(-1)
  server?.on('connect', (request, socket) => {
    seen.push(request.url ?? '')
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  vi.stubEnv('HTTP_PROXY', proxy)
  const outcome = await perform(get, '/', { url: `${origin}/x` }).then(
    (result) => result.body,
    (error: Error) => error.message,
  )
  expect(outcome).not.toBe('origin')
  expect(seen).toHaveLength(1)
  expect(seen[0]).toContain(new URL(origin).host)
})

test('fails clearly when there is no answer', async () => {
  withoutProxy()
  await expect(perform(get, '/', { url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'request_failed' })
})

test.each(['file:///etc/passwd', 'ftp://x/', 'http://user:pass@x/', 'http://', 'x'])('refuses %s', async (url) => {
  await expect(perform(get, '/', { url })).rejects.toThrow(/url/)
})
