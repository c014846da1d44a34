import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { silentLog } from '@azora/base'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { type App, createApp } from './app.ts'
import { serve } from './serve.ts'

const RECEIVE_MS = 300
let app: App
let port: number

beforeAll(async () => {
  const resolve = async (credential: { kind: string }) => {
    if (credential.kind !== 'bearer') throw new Error('nobody')
    const principal = { id: 'user:owner', tenant: 'default', roles: ['owner' as const], keys: [] }
    return { principal, via: 'token' as const }
  }
  app = await createApp({ resolve, origin: () => '', receiveMs: RECEIVE_MS, log: silentLog })
  const echo = { path: '/echo', summary: 'Echoes', permission: 'run.create', scope: 'tenant' } as const
  serve(app, { ...echo, method: 'POST', body: z.strictObject({}), responses: { 200: z.json() } }, async () => {
    // What takes long after it has come is not slow to come.
    await new Promise((done) => setTimeout(done, 2 * RECEIVE_MS))
    return ['done']
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})
afterAll(() => app.close())

/** All that is answered to a request, whose rest never comes. */
async function answerTo(head: string, body: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${head}\r\n\r\n${body}`)
  return text(socket)
}

it.concurrent('a request that does not come whole in time is answered, and its connection ends', async () => {
  const answer = await answerTo('authorization: Bearer t\r\ncontent-length: 100', '{')
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\ncontent-type: application\/problem\+json\r\n/)
  expect(JSON.parse(answer.split('\r\n').at(-1) ?? '')).toMatchObject({ code: 'request_too_slow', status: 408 })
}, 20_000)

it.concurrent('who was refused before does not keep the connection by sending nothing more', async () => {
  expect(await answerTo('transfer-encoding: chunked', '1\r\n{\r\n')).toMatch(/^HTTP\/1\.1 (4|5)\d\d /)
}, 20_000)

it('what has come in time may take as long as it takes', async () => {
  const headers = { authorization: 'Bearer t', 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', headers, body: '{}' })
  expect([answer.status, await answer.json()]).toEqual([200, ['done']])
})
