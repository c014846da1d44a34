import type { AddressInfo } from 'node:net'
import type { Entry } from '@azora/contracts'
import Fastify from 'fastify'
import { afterAll, expect, it } from 'vitest'
import { createLiveOutput } from '../live-output.ts'
import { streamRun } from './event-stream.ts'
import { streamOutput } from './output-stream.ts'

const READER = { id: 'user:alice', tenant: 'default' }
const listeners = new Set<(entries: Entry[]) => void>()
const journal = {
  subscribe(listener: (entries: Entry[]) => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  within: () => ({ readRun: async () => [] }),
}
const removal = (principal: string, tenant: string): Entry[] => [
  { header: { kind: 'principal.removed', tenant, run: undefined }, payload: { principal } } as unknown as Entry,
]

const app = Fastify({ forceCloseConnections: true })
const brief = (): object => ({ ...READER, untilMs: Date.now() + 150 })
const output = { live: createLiveOutput(), journal, isOver: async () => false }
app.get('/events', async (_request, reply) => streamRun(journal, 'r', -1, READER, reply))
app.get('/output', async (_request, reply) => streamOutput(output, 'r', READER, reply))
app.get('/brief/events', async (_request, reply) => streamRun(journal, 'r', -1, { ...READER, ...brief() }, reply))
app.get('/brief/output', async (_request, reply) => streamOutput(output, 'r', { ...READER, ...brief() }, reply))
const listening = app.listen({ port: 0, host: '127.0.0.1' })
afterAll(() => app.close())

it.each(['events', 'output'])(
  '%s: a stream ends with the access of its reader, and with nobody else’s',
  async (path) => {
    await listening
    const { port } = app.server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/${path}`)
    const ending = answer.text().then(
      () => 'ended',
      () => 'cut off',
    )
    const tell = (entries: Entry[]): void => listeners.forEach((listener) => void listener(entries))
    tell(removal('user:bob', 'default'))
    tell(removal('user:alice', 'other'))
    expect(await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, 100, 'open'))])).toBe('open')
    expect(listeners.size).toBe(2)
    tell(removal('user:alice', 'default'))
    expect(await ending).toBe('cut off')
    await expect.poll(() => listeners.size).toBe(0)
  },
)

it.each(['events', 'output'])('%s: a stream ends when what let its reader in expires', async (path) => {
  await listening
  const { port } = app.server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/brief/${path}`)
  await expect(answer.text()).rejects.toThrow()
  await expect.poll(() => listeners.size).toBe(0)
})
