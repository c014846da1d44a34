import { setTimeout as pause } from 'node:timers/promises'
import Fastify from 'fastify'
import { afterAll, afterEach, expect, it } from 'vitest'
import { createLiveOutput, type LiveOutput } from '../live-output.ts'
import { streamOutput } from './output-stream.ts'

const READER = { id: 'user:alice', tenant: 'default' }
const app = Fastify({ forceCloseConnections: true })
let watched = 0
const output = createLiveOutput()
const live: LiveOutput = {
  publish: output.publish,
  watch(runId, listener) {
    const stop = output.watch(runId, listener)
    watched += 1
    return () => {
      watched -= 1
      stop()
    }
  },
}
/** Answers of `isOver` that wait for the test. */
const asked: Array<(over: boolean) => void> = []
const source = {
  live,
  journal: { subscribe: () => () => undefined },
  isOver: () => new Promise<boolean>((resolve) => asked.push(resolve)),
}
let closed = 0
app.get('/output', async (_request, reply) => {
  reply.raw.once('close', () => {
    closed += 1
  })
  await streamOutput(source, 'r', READER, reply)
})
const listening = app.listen({ port: 0, host: '127.0.0.1' })

afterEach(() => void asked.splice(0))
afterAll(() => app.close())

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5)
}

it('what is printed while the run is looked up does not break the answer', async () => {
  const answering = fetch(`${await listening}/output`)
  await until(() => asked.length === 1)
  live.publish('r', { stepId: 'a', stream: 'stdout', text: 'early' })
  asked[0]?.(false)
  const answer = await answering
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  await until(() => asked.length === 2)
  live.publish('r', { stepId: 'a', stream: 'stdout', text: 'two\nlines' })
  asked[1]?.(true)
  expect(await answer.text()).toBe(
    'event: output\ndata: {"stepId":"a","stream":"stdout","text":"two\\nlines"}\n\nevent: end\ndata: {}\n\n',
  )
  await until(() => watched === 0)
})

it('nobody is watched for who left before the answer began', async () => {
  const before = closed
  const leaving = new AbortController()
  const answering = fetch(`${await listening}/output`, { signal: leaving.signal }).catch(() => 'left')
  await until(() => asked.length === 1)
  leaving.abort()
  expect(await answering).toBe('left')
  await until(() => closed > before)
  asked[0]?.(false)
  await pause(50)
  expect(watched).toBe(0)
})
