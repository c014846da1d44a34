import { once } from 'node:events'
import { digestOf } from '@azora/proof'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestLog } from '../testing/log.ts'
import { anOutcome, dialAsNode, type Peer } from '../testing/peer.ts'
import { createTestPlane, type TestPlane } from '../testing/plane.ts'
import { anAction, permitted } from '../testing/requests.ts'

const log = createTestLog()
const NEVER = new AbortController().signal
let plane: TestPlane
beforeEach(async () => {
  plane = await createTestPlane()
})
afterEach(() => plane.close())

const someRequest = (action = anAction()) => permitted(log, action)
const busy = () => plane.dispatcher.nodes().map((node) => node.busy)

async function dial(hello: Parameters<typeof dialAsNode>[1] = {}): Promise<Peer> {
  const before = plane.dispatcher.nodes().length
  const peer = await dialAsNode(plane.url, hello)
  await vi.waitFor(() => expect(plane.dispatcher.nodes().length).toBe(before + 1))
  return peer
}

describe('perform', () => {
  it('sends the whole request and answers the outcome', async () => {
    const peer = await dial()
    const request = someRequest()
    const result = plane.dispatcher.perform(request, NEVER)
    const heard = await peer.hearRequest()
    expect(heard).toEqual({ ...request, type: 'perform', id: heard.id })
    expect(busy()).toEqual([1])
    peer.say({ type: 'outcome', id: heard.id, outcome: anOutcome() })
    expect(await result).toEqual({ kind: 'outcome', outcome: anOutcome() })
    expect(busy()).toEqual([0])
  })

  it('answers a refusal only after it is on record', async () => {
    await plane.close()
    const recorded = Promise.withResolvers<void>()
    plane = await createTestPlane({ recordRefusal: () => recorded.promise })
    const peer = await dial()
    const request = someRequest()
    let answered = false
    const result = plane.dispatcher.perform(request, NEVER).finally(() => {
      answered = true
    })
    const error = { code: 'proof_expired', message: 'too late' }
    peer.say({ type: 'refused', id: (await peer.hearRequest()).id, error })
    await vi.waitFor(() => expect(plane.refusals.length).toBe(1))
    expect(answered).toBe(false)
    recorded.resolve()
    expect(await result).toEqual({ kind: 'refused', node: 'peer', error })
    expect(plane.refusals[0]).toEqual({
      action: request.action,
      actionDigest: digestOf(request.action),
      node: 'peer',
      error,
    })
  })

  it('fails when the refusal can not be recorded', async () => {
    await plane.close()
    plane = await createTestPlane({ recordRefusal: () => Promise.reject(new TypeError('the disk is full')) })
    const peer = await dial()
    const result = plane.dispatcher.perform(someRequest(), NEVER)
    peer.say({ type: 'refused', id: (await peer.hearRequest()).id, error: { code: 'proof_spent', message: '' } })
    await expect(result).rejects.toThrow('the disk is full')
  })

  it('is lost when the node goes away, and the node is no longer asked', async () => {
    const peer = await dial()
    const result = plane.dispatcher.perform(someRequest(), NEVER)
    await peer.hearRequest()
    peer.socket.terminate()
    expect(await result).toEqual({ kind: 'lost', node: 'peer' })
    expect(plane.dispatcher.nodes()).toEqual([])
  })

  it('sends nothing to a node that is closing', async () => {
    const peer = await dial()
    peer.socket.pause()
    for (const socket of plane.sockets) socket.close()
    const result = plane.dispatcher.perform(someRequest(), NEVER)
    const other = await dialAsNode(plane.url, { node: 'other' })
    other.say({ type: 'outcome', id: (await other.hearRequest()).id, outcome: anOutcome() })
    expect(await result).toMatchObject({ kind: 'outcome' })
  })

  it('does not send what a node could not read', async () => {
    const peer = await dial()
    const action = anAction({ input: { text: 'x'.repeat(9 * 1024 * 1024) } })
    const result = await plane.dispatcher.perform(someRequest(action), NEVER)
    expect(result).toMatchObject({
      kind: 'outcome',
      outcome: { state: 'failed', error: { code: 'request_too_large' } },
    })
    expect(busy()).toEqual([0])
    expect(peer.socket.readyState).toBe(peer.socket.OPEN)
  })
})

describe('the queue', () => {
  it('waits for a node, and holds what is beyond its capacity, in order', async () => {
    const results = ['a', 'b', 'c'].map((stepId) => plane.dispatcher.perform(someRequest(anAction({ stepId })), NEVER))
    const peer = await dial({ capacity: 2 })
    const [a, b] = [await peer.hearRequest(), await peer.hearRequest()]
    expect([a.action.stepId, b.action.stepId]).toEqual(['a', 'b'])
    expect(busy()).toEqual([2])
    peer.say({ type: 'outcome', id: b.id, outcome: anOutcome({ output: 'b' }) })
    const c = await peer.hearRequest()
    expect(c.action.stepId).toBe('c')
    for (const { id, action } of [a, c])
      peer.say({ type: 'outcome', id, outcome: anOutcome({ output: action.stepId }) })
    const outputs = (await Promise.all(results)).map((result) => result.kind === 'outcome' && result.outcome.output)
    expect(outputs).toEqual(['a', 'b', 'c'])
  })

  it('prefers the node with the most room', async () => {
    const [small, large] = [await dial({ node: 'small', capacity: 1 }), await dial({ node: 'large', capacity: 4 })]
    for (let count = 0; count < 3; count += 1) void plane.dispatcher.perform(someRequest(), NEVER)
    await small.hearRequest()
    await large.hearRequest()
    await large.hearRequest()
    expect(plane.dispatcher.nodes().map(({ node, busy: many }) => [node, many])).toEqual([
      ['small', 1],
      ['large', 2],
    ])
  })

  it('says when a node is ready', async () => {
    let ready = false
    const waiting = plane.dispatcher.ready(NEVER).then(() => {
      ready = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(ready).toBe(false)
    await dial()
    await waiting
    await plane.dispatcher.ready(NEVER)
  })

  it('lets those go that no longer want', async () => {
    const abort = new AbortController()
    const result = plane.dispatcher.perform(someRequest(), abort.signal)
    const ready = plane.dispatcher.ready(abort.signal)
    abort.abort()
    expect(await result).toEqual({ kind: 'aborted' })
    await ready
    const peer = await dial()
    void plane.dispatcher.perform(someRequest(anAction({ stepId: 'next' })), NEVER)
    expect((await peer.hearRequest()).action.stepId).toBe('next')
    expect(await plane.dispatcher.perform(someRequest(), abort.signal)).toEqual({ kind: 'aborted' })
  })
})

describe('cancelling', () => {
  it('tells the node, and answers what became of it', async () => {
    const peer = await dial()
    const abort = new AbortController()
    const result = plane.dispatcher.perform(someRequest(), abort.signal)
    const { id } = await peer.hearRequest()
    abort.abort()
    expect(await peer.hear()).toEqual({ type: 'cancel', id })
    peer.say({ type: 'outcome', id, outcome: anOutcome({ state: 'cancelled' }) })
    expect(await result).toMatchObject({ kind: 'outcome', outcome: { state: 'cancelled' } })
  })

  it('is not missed when it comes while the request is being sent', async () => {
    const peer = await dial()
    const abort = new AbortController()
    const first = plane.dispatcher.perform(someRequest(), NEVER)
    const { id } = await peer.hearRequest()
    // What waits gets its node from a listener of the very signal that cancels it.
    abort.signal.addEventListener('abort', () => {
      for (const socket of plane.sockets) {
        socket.emit('message', Buffer.from(JSON.stringify({ type: 'outcome', id, outcome: anOutcome() })), false)
      }
    })
    const second = plane.dispatcher.perform(someRequest(), abort.signal)
    abort.abort()
    await first
    const request = await peer.hearRequest()
    expect(await peer.hear()).toEqual({ type: 'cancel', id: request.id })
    peer.say({ type: 'outcome', id: request.id, outcome: anOutcome({ state: 'cancelled' }) })
    expect(await second).toMatchObject({ kind: 'outcome', outcome: { state: 'cancelled' } })
  })
})

describe('a node that does not keep to the protocol', () => {
  const HELLO = { type: 'hello', node: 'peer', capacity: 1, isolation: 'none' }
  it.each<[string, Array<object | string>]>([
    ['sends no JSON', ['{']],
    ['sends an unknown message', [{ type: 'perform' }]],
    ['says hello twice', [HELLO, HELLO]],
    ['claims too much room', [{ ...HELLO, capacity: 100_000 }]],
    ['adds to an outcome', [HELLO, { type: 'outcome', id: 'x', outcome: anOutcome(), extra: 1 }]],
    ['writes too long a log', [HELLO, { type: 'outcome', id: 'x', outcome: anOutcome({ log: 'x'.repeat(20_001) }) }]],
  ])('is hung up on with 1008 when it %s', async (_what, messages) => {
    const { socket, say } = await dialAsNode(plane.url, null)
    const closed = once(socket, 'close')
    for (const message of messages) say(message)
    expect((await closed)[0]).toBe(1008)
    await vi.waitFor(() => expect(plane.dispatcher.nodes()).toEqual([]))
  })

  it('changes nothing by answers to what was never asked', async () => {
    const peer = await dial()
    peer.say({ type: 'outcome', id: 'unknown', outcome: anOutcome() })
    const result = plane.dispatcher.perform(someRequest(), NEVER)
    peer.say({ type: 'outcome', id: (await peer.hearRequest()).id, outcome: anOutcome({ output: 'mine' }) })
    expect(await result).toMatchObject({ outcome: { output: 'mine' } })
  })
})

it('close says goodbye to the nodes', async () => {
  const { socket } = await dial()
  const closed = once(socket, 'close')
  await plane.dispatcher.close()
  expect((await closed)[0]).toBe(1001)
})
