import { once } from 'node:events'
import { digestOf } from '@azora/proof'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createTestLog } from '../testing/log.ts'
import { anOutcome, dialAsNode, helloOf, type Peer } from '../testing/peer.ts'
import { createTestPlane, type TestPlane } from '../testing/plane.ts'
import { anAction, permitted } from '../testing/requests.ts'
import { aNodeOf, performVia } from '../testing/slot.ts'

const log = createTestLog()
const NEVER = new AbortController().signal
let plane: TestPlane
beforeEach(async () => {
  plane = await createTestPlane()
})
afterEach(() => plane.close())

const perform = (request: ReturnType<typeof permitted>, signal: AbortSignal) =>
  performVia(plane.dispatcher, request, signal)
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
    const result = perform(request, NEVER)
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
    const result = perform(request, NEVER).finally(() => {
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
    const result = perform(someRequest(), NEVER)
    peer.say({ type: 'refused', id: (await peer.hearRequest()).id, error: { code: 'proof_spent', message: '' } })
    await expect(result).rejects.toThrow('the disk is full')
  })

  it('is lost when the node goes away, and the node is no longer asked', async () => {
    const peer = await dial()
    const result = perform(someRequest(), NEVER)
    await peer.hearRequest()
    peer.socket.terminate()
    expect(await result).toEqual({ kind: 'lost', node: 'peer' })
    expect(plane.dispatcher.nodes()).toEqual([])
  })

  it('sends nothing to a node that is closing', async () => {
    const peer = await dial()
    peer.socket.pause()
    for (const socket of plane.sockets) socket.close()
    const result = perform(someRequest(), NEVER)
    const other = await dialAsNode(plane.url, { node: 'other' })
    other.say({ type: 'outcome', id: (await other.hearRequest()).id, outcome: anOutcome() })
    expect(await result).toMatchObject({ kind: 'outcome' })
  })

  it('does not send what a node could not read', async () => {
    const peer = await dial()
    const action = anAction({ input: { text: 'x'.repeat(17 * 1024 * 1024) } })
    const result = await perform(someRequest(action), NEVER)
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
    const results = ['a', 'b', 'c'].map((stepId) => perform(someRequest(anAction({ stepId })), NEVER))
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
    for (let count = 0; count < 3; count += 1) void perform(someRequest(), NEVER)
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
    const waiting = aNodeOf(plane.dispatcher, NEVER).then(() => {
      ready = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(ready).toBe(false)
    await dial()
    await waiting
    await aNodeOf(plane.dispatcher, NEVER)
  })

  it('lets those go that no longer want', async () => {
    const abort = new AbortController()
    const result = perform(someRequest(), abort.signal)
    const ready = aNodeOf(plane.dispatcher, abort.signal)
    abort.abort()
    expect(await result).toEqual({ kind: 'aborted' })
    await ready
    const peer = await dial()
    void perform(someRequest(anAction({ stepId: 'next' })), NEVER)
    expect((await peer.hearRequest()).action.stepId).toBe('next')
    expect(await perform(someRequest(), abort.signal)).toEqual({ kind: 'aborted' })
  })
})

describe('cancelling', () => {
  it('tells the node, and answers what became of it', async () => {
    const peer = await dial()
    const abort = new AbortController()
    const result = perform(someRequest(), abort.signal)
    const { id } = await peer.hearRequest()
    abort.abort()
    expect(await peer.hear()).toEqual({ type: 'cancel', id })
    peer.say({ type: 'outcome', id, outcome: anOutcome({ state: 'cancelled' }) })
    expect(await result).toMatchObject({ kind: 'outcome', outcome: { state: 'cancelled' } })
  })

  it('of a place that was not used yet sends nothing', async () => {
    await dial()
    const abort = new AbortController()
    const slot = await plane.dispatcher.reserve({ shard: 'main', codeDigest: '' }, NEVER)
    abort.abort()
    expect(await slot?.perform(someRequest(), abort.signal)).toEqual({ kind: 'aborted' })
    expect(busy()).toEqual([0])
  })
})

describe('a node that does not keep to the protocol', () => {
  const HELLO = helloOf()
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
    const result = perform(someRequest(), NEVER)
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

describe('shards', () => {
  it('are served by their own nodes alone', async () => {
    const abort = new AbortController()
    await dial({ node: 'eu-1', shard: 'eu', capacity: 4 })
    const main = performVia(plane.dispatcher, someRequest(), abort.signal)
    const slot = await plane.dispatcher.reserve({ shard: 'eu', codeDigest: '' }, NEVER)
    expect(slot?.audience).toBe('eu-1/instance-1')
    abort.abort()
    expect(await main).toEqual({ kind: 'aborted' })
  })

  it('do not wait for one another', async () => {
    void performVia(plane.dispatcher, someRequest(), NEVER, 'nobody')
    const peer = await dial()
    void perform(someRequest(anAction({ stepId: 'mine' })), NEVER)
    expect((await peer.hearRequest()).action.stepId).toBe('mine')
  })
})

describe('a place', () => {
  const NEED = { shard: 'main', codeDigest: 'd'.repeat(64) }

  it('is kept until it is used or given back, once', async () => {
    await dial()
    const slot = await plane.dispatcher.reserve(NEED, NEVER)
    expect(busy()).toEqual([1])
    let later = false
    const next = plane.dispatcher.reserve(NEED, NEVER).then((found) => {
      later = true
      return found
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(later).toBe(false)
    slot?.release()
    slot?.release()
    expect(await next).toBeDefined()
    expect(busy()).toEqual([1])
    expect(await slot?.perform(someRequest(), NEVER)).toEqual({ kind: 'aborted' })
  })

  it('on a node that went away is a refusal, on record: nothing was sent', async () => {
    const peer = await dial()
    const slot = await plane.dispatcher.reserve(NEED, NEVER)
    peer.socket.terminate()
    await vi.waitFor(() => expect(plane.dispatcher.nodes()).toEqual([]))
    expect(await slot?.perform(someRequest(), NEVER)).toMatchObject({ kind: 'refused', error: { code: 'node_gone' } })
    expect(plane.refusals).toMatchObject([{ node: 'peer', error: { code: 'node_gone' } }])
  })

  it('is on a node with the code, once another has said that it has other code', async () => {
    const old = await dial({ node: 'old', capacity: 8 })
    const first = perform(someRequest(), NEVER)
    old.say({ type: 'refused', id: (await old.hearRequest()).id, error: { code: 'code_mismatch', message: '' } })
    await first
    await dial({ node: 'new', capacity: 2 })
    const found = [1, 2].map(() => plane.dispatcher.reserve(NEED, NEVER))
    expect((await Promise.all(found)).map((slot) => slot?.audience)).toEqual(['new/instance-1', 'new/instance-1'])
    expect((await plane.dispatcher.reserve({ ...NEED, codeDigest: 'e'.repeat(64) }, NEVER))?.audience).toBe(
      'old/instance-1',
    )
  })
})

describe('draining', () => {
  it('by people ends when they say so', async () => {
    const peer = await dial()
    expect(plane.dispatcher.drain('peer', true)).toMatchObject({ node: 'peer', state: 'draining' })
    void perform(someRequest(anAction({ stepId: 'later' })), NEVER)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(busy()).toEqual([0])
    plane.dispatcher.drain('peer', false)
    expect((await peer.hearRequest()).action.stepId).toBe('later')
  })

  it('by the node itself finishes what it was promised, then hangs up', async () => {
    const peer = await dial({ capacity: 3 })
    const running = perform(someRequest(), NEVER)
    const { id } = await peer.hearRequest()
    const promised = await plane.dispatcher.reserve({ shard: 'main', codeDigest: '' }, NEVER)
    peer.say({ type: 'draining' })
    await vi.waitFor(() => expect(plane.dispatcher.nodes()[0]?.state).toBe('draining'))
    const other = await dial({ node: 'other' })
    void perform(someRequest(anAction({ stepId: 'elsewhere' })), NEVER)
    expect((await other.hearRequest()).action.stepId).toBe('elsewhere')
    const closed = once(peer.socket, 'close')
    peer.say({ type: 'outcome', id, outcome: anOutcome() })
    expect(await running).toMatchObject({ kind: 'outcome' })
    const last = promised?.perform(someRequest(anAction({ stepId: 'promised' })), NEVER)
    peer.say({ type: 'outcome', id: (await peer.hearRequest()).id, outcome: anOutcome() })
    expect(await last).toMatchObject({ kind: 'outcome' })
    expect((await closed)[0]).toBe(1001)
  })

  it('of a node that is not there is an error', () => {
    expect(() => plane.dispatcher.drain('nobody', true)).toThrow(expect.objectContaining({ code: 'node_not_found' }))
  })
})

describe('a node whose token has ended', () => {
  it('is hung up on, and what it does is lost', async () => {
    const peer = await dial()
    const result = perform(someRequest(), NEVER)
    await peer.hearRequest()
    plane.dispatcher.expel('node:other')
    expect(plane.dispatcher.nodes().length).toBe(1)
    plane.dispatcher.expel('node:peer')
    expect(await result).toEqual({ kind: 'lost', node: 'peer' })
  })
})

describe('a name', () => {
  it('is the one of the token', async () => {
    const { socket } = await dialAsNode(plane.url, { node: 'somebody' }, 'peer')
    const [code, reason] = await once(socket, 'close')
    expect([code, String(reason)]).toEqual([1008, 'the token belongs to node:peer: start with its name'])
  })

  it('is borne by one process at a time; the same one may dial again', async () => {
    const first = await dial()
    const { socket } = await dialAsNode(plane.url, { instance: 'instance-2' })
    expect((await once(socket, 'close'))[0]).toBe(1008)
    const gone = once(first.socket, 'close')
    await dialAsNode(plane.url)
    await gone
    await vi.waitFor(() => expect(plane.dispatcher.nodes().length).toBe(1))
  })
})

it('another protocol is refused', async () => {
  const socket = new WebSocket(`${plane.url}/?as=peer`, 'azora.node.v1')
  expect((await once(socket, 'close'))[0]).toBe(1008)
})
