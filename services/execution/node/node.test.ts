import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { silentLog, systemClock } from '@azora/base'
import type { Cost, PerformRequest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { createIsolation } from '../isolation/bubblewrap.ts'
import type { Isolation } from '../isolation/port.ts'
import { createTestLog } from '../testing/log.ts'
import { player, type RunningNode, startNode } from '../testing/node.ts'
import { createTestPlane, type TestPlane } from '../testing/plane.ts'
import { PLAY_SKILL } from '../testing/play-skill.ts'
import { marker, processesWith } from '../testing/processes.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { framed } from '../testing/requests.ts'
import { aNodeOf, performVia } from '../testing/slot.ts'
import { createNode } from './node.ts'

const NEVER = new AbortController().signal
const SOON = { timeout: 15_000, interval: 20 }
const log = createTestLog()
let project: TestProject
let isolation: Isolation
let requestTo: ReturnType<typeof player>
let plane: TestPlane
let node: RunningNode

beforeAll(async () => {
  project = await createTestProject()
  requestTo = player(log, await project.add('skills/play.skill.ts', PLAY_SKILL))
  isolation = await createIsolation({ projectRoot: project.root })
})
afterAll(() => project.remove())
beforeEach(async () => {
  plane = await createTestPlane()
  node = startNode(plane.url, { project, isolation, log })
})
afterEach(async () => {
  await Promise.all([node.stop(), plane.close()])
})

type Request = Omit<PerformRequest, 'type' | 'id'>
const perform = (request: Request, signal = NEVER) => performVia(plane.dispatcher, request, signal)
const workspaceOf = ({ action }: Request, ...path: string[]) =>
  join(project.dataDir, 'workspaces', action.runId, ...path)
const started = (request: Request) =>
  vi.waitFor(() => expect(existsSync(workspaceOf(request, 'started'))).toBe(true), SOON)

describe('an action', () => {
  it('is performed in its workspace, and its outcome is what the skill answered', async () => {
    const request = requestTo('echo', { text: 'hello' })
    const { runId, stepId } = request.action
    const output = {
      text: 'hello',
      context: { runId, stepId, idempotencyKey: request.idempotencyKey, workspace: '/workspace' },
    }
    expect(await perform(request)).toEqual({
      kind: 'outcome',
      outcome: {
        state: 'succeeded',
        output,
        outputDigest: digestOf(output),
        durationMs: expect.any(Number),
        log: '',
        node: 'node-1',
        isolation: isolation.describe(),
        ending: { by: 'itself', exitCode: 0 },
        usage: {
          cpuMs: expect.any(Number),
          memoryBytesPeak: expect.any(Number),
          processesPeak: expect.any(Number),
          diskBytesRead: expect.any(Number),
          diskBytesWritten: expect.any(Number),
        },
      },
    })
  })

  it.each<[string, string, object]>([
    ['log', 'leaves the text of its log', { state: 'succeeded', log: 'to the log' }],
    [
      'fail',
      'fails with the reason of the skill',
      { state: 'failed', error: { code: 'no_luck', message: 'it was not to be' } },
    ],
    [
      'crash',
      'fails when the process ends without a result',
      { state: 'failed', error: { code: 'crashed', message: expect.stringContaining('exit code 9') } },
    ],
    ['garbage', 'fails when the result is no JSON', { state: 'failed', error: { code: 'crashed' } }],
    ['surrogate', 'fails when the result has no digest', { state: 'failed', error: { code: 'crashed' } }],
    ['twice', 'fails when the result says a thing twice', { state: 'failed', error: { code: 'crashed' } }],
    [
      'beyond',
      'fails, and says where, when a number is too large',
      { state: 'failed', error: { code: 'crashed', message: expect.stringContaining('at /output') } },
    ],
    ['deep', 'fails when the result is nested too deeply', { state: 'failed', error: { code: 'crashed' } }],
    ['flood', 'ends when it writes too much', { state: 'failed', error: { code: 'limit_output' } }],
    [
      'long-error',
      'may complain only at some length',
      { state: 'failed', error: { code: 'c'.repeat(60), message: 'm'.repeat(4_000) } },
    ],
  ])('that plays %s %s', async (play, _what, outcome) => {
    const request = requestTo(play, { limits: { outputBytes: 1_000_000 } })
    expect(await perform(request)).toMatchObject({ kind: 'outcome', outcome })
    // The node is as useful as before.
    expect(await perform(requestTo('echo'))).toMatchObject({ outcome: { state: 'succeeded' } })
  })

  const MOST: Cost = { tokens: 100, money: { currency: 'USD', micros: 2_000 } }
  const paid = (micros: number): Cost => ({ money: { currency: 'USD', micros } })
  it.each<[string, string, Cost[], object]>([
    ['charge', 'costs what its skill adds up', [{ tokens: 70 }, paid(500), paid(500)], { state: 'succeeded' }],
    ['charge-fail', 'costs what its skill says before it fails', [{ tokens: 70 }, paid(1_000)], { state: 'failed' }],
    [
      'charge',
      'fails when that is more than was judged',
      [{ tokens: 70 }, paid(2_001)],
      { state: 'failed', error: { code: 'cost_exceeded' } },
    ],
  ])('that plays %s %s', async (play, _what, costs, outcome) => {
    const request = requestTo(play, { text: JSON.stringify(costs), cost: MOST })
    const micros = costs.reduce((sum, { money }) => sum + (money?.micros ?? 0), 0)
    expect(await perform(request)).toMatchObject({ outcome: { ...outcome, cost: { tokens: 70, ...paid(micros) } } })
  })

  it('fails when its outcome does not fit into an entry', async () => {
    const request = requestTo('large', { text: String(7_000_000), limits: { outputBytes: 16_777_216 } })
    expect(await perform(request)).toMatchObject({ outcome: { state: 'failed', error: { code: 'limit_output' } } })
  })

  it('ends with all its processes when it takes too long', async () => {
    const seconds = marker()
    const request = requestTo('hang', { text: seconds, limits: { wallMs: 1_500 } })
    expect(await perform(request)).toMatchObject({ outcome: { state: 'failed', error: { code: 'limit_wall' } } })
    expect(processesWith(seconds)).toEqual([])
  })

  it('sees the paths and the hosts that its proof names, and no others', async () => {
    const server = createServer((_request, response) => response.end('from the host')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const file = join(await realpath(join(project.dataDir, '..')), 'granted')
    await writeFile(file, 'from the file')
    const resources = { read: [file], write: [], hosts: [host] }
    const outputs: unknown[] = []
    for (const [play, text] of [
      ['read', file],
      ['fetch', `http://${host}/`],
    ] as const) {
      for (const granted of [resources, { read: [], write: [], hosts: [] }]) {
        const result = await perform(requestTo(play, { text, resources: granted }))
        outputs.push(result.kind === 'outcome' && (result.outcome.output ?? result.outcome.state))
      }
    }
    server.close()
    expect(outputs).toEqual(['from the file', 'failed', 'from the host', 'failed'])
    expect(
      (await readdir(project.dataDir)).filter((name) => name.startsWith('e-')),
      'no proxy is left',
    ).toEqual([])
  })

  it('fails when its paths lead into the data directory or nowhere', async () => {
    const reading = (path: string) =>
      requestTo('read', { text: path, resources: { read: [path], write: [], hosts: [] } })
    expect(await perform(reading(project.dataDir))).toMatchObject({
      outcome: { error: { code: 'resource_protected' } },
    })
    expect(await perform(reading('/'))).toMatchObject({ outcome: { error: { code: 'resource_protected' } } })
    expect(await perform(reading('/no/such/file'))).toMatchObject({ outcome: { error: { code: 'resource_missing' } } })
  })
})

describe('cancelling', () => {
  it('ends a running action with all its processes', async () => {
    const seconds = marker()
    const request = requestTo('hang', { text: seconds })
    const abort = new AbortController()
    const result = perform(request, abort.signal)
    await started(request)
    expect(processesWith(seconds)).not.toEqual([])
    abort.abort()
    expect(await result).toMatchObject({ outcome: { state: 'cancelled', error: { code: 'cancelled' } } })
    expect(processesWith(seconds)).toEqual([])
  })

  it('ends an action that has hardly begun', async () => {
    const seconds = marker()
    const slot = await plane.dispatcher.reserve({ shard: 'main', codeDigest: '' }, NEVER)
    const abort = new AbortController()
    const result = slot?.perform(requestTo('hang', { text: seconds }), abort.signal)
    abort.abort()
    expect(await result).toMatchObject({ outcome: { state: 'cancelled' } })
    expect(processesWith(seconds)).toEqual([])
  })
})

describe('a refusal', () => {
  const refused = (code: string) => ({ kind: 'refused', node: 'node-1', error: { code } })

  it('meets a request without a proof, and is on record', async () => {
    const { receipt: _receipt, ...request } = requestTo('count')
    expect(await perform(request)).toMatchObject(refused('proof_missing'))
    expect(plane.refusals).toMatchObject([{ action: request.action, error: { code: 'proof_missing' } }])
    expect(existsSync(workspaceOf(request))).toBe(false)
  })

  it('meets one of two requests with one proof: it is performed once', async () => {
    const request = requestTo('count')
    const results = await Promise.all([perform(request), perform(request)])
    expect(results.map(({ kind }) => kind).sort()).toEqual(['outcome', 'refused'])
    expect(results.find(({ kind }) => kind === 'refused')).toMatchObject(refused('proof_spent'))
    expect(await perform(request)).toMatchObject(refused('proof_spent'))
    expect(await readFile(workspaceOf(request, 'count'), 'utf8')).toBe('x')
  })

  it('meets code that is not the code that was judged', async () => {
    const request = requestTo('count', { codeDigest: 'a'.repeat(64) })
    expect(await perform(request)).toMatchObject(refused('code_mismatch'))
    expect(await perform({ ...requestTo('count'), entrypoint: 'skills' })).toMatchObject(refused('code_mismatch'))
  })

  it('meets a proof that was given to an earlier life of the node', async () => {
    const request = requestTo('count')
    await node.stop()
    node = startNode(plane.url, { project, isolation, log, instance: 'instance-2' })
    expect(await perform(request)).toMatchObject(refused('proof_elsewhere'))
  })
})

describe('a connection', () => {
  it('that ends makes what runs lost, and ends it', async () => {
    const seconds = marker()
    const request = requestTo('hang', { text: seconds })
    const result = perform(request)
    await started(request)
    for (const socket of plane.sockets) socket.terminate()
    expect(await result).toEqual({ kind: 'lost', node: 'node-1' })
    await vi.waitFor(() => expect(processesWith(seconds)).toEqual([]), SOON)
    expect(await perform(requestTo('echo')), 'the node dials again').toMatchObject({ outcome: { state: 'succeeded' } })
  })

  it('that ends with the node makes what runs lost, and ends it', async () => {
    const seconds = marker()
    const request = requestTo('hang', { text: seconds })
    const result = perform(request)
    await started(request)
    await node.stop()
    expect(await result).toEqual({ kind: 'lost', node: 'node-1' })
    expect(processesWith(seconds)).toEqual([])
  })

  it('is made again after the server restarted, and spent proofs stay spent', async () => {
    const request = requestTo('count')
    expect(await perform(request)).toMatchObject({ outcome: { state: 'succeeded' } })
    const port = Number(new URL(plane.url).port)
    await plane.close()
    plane = await createTestPlane({ port })
    expect(await perform(request)).toMatchObject({ kind: 'refused', error: { code: 'proof_spent' } })
    expect(await perform(requestTo('echo'))).toMatchObject({ outcome: { state: 'succeeded' } })
  })

  it.each(['{', '{"type":"dance"}', '{"type":"cancel"}', '{"type":"cancel","id":"a","id":"b"}', '[]'])(
    'ends with 1008 when it says %s',
    async (frame) => {
      await aNodeOf(plane.dispatcher, NEVER)
      const [socket] = plane.sockets
      if (!socket) throw new TypeError('no node is connected')
      const closed = once(socket, 'close')
      socket.send(frame)
      expect((await closed)[0]).toBe(1008)
    },
  )
})

it('a node that is asked to stop finishes what it has, and takes nothing more', async () => {
  await node.stop()
  node = startNode(plane.url, { project, isolation, log, drainMs: 20_000 })
  const request = requestTo('wait')
  const result = perform(request)
  await started(request)
  const stopped = node.stop()
  await vi.waitFor(() => expect(plane.dispatcher.nodes()).toMatchObject([{ state: 'draining' }]), SOON)
  await writeFile(workspaceOf(request, 'go'), '')
  expect(await result).toMatchObject({ kind: 'outcome', outcome: { state: 'succeeded' } })
  await stopped
})

it('a node that drains for too long ends what it has', async () => {
  await node.stop()
  node = startNode(plane.url, { project, isolation, log, drainMs: 200 })
  const seconds = marker()
  const request = requestTo('hang', { text: seconds })
  const result = perform(request)
  await started(request)
  await node.stop()
  expect(await result).toEqual({ kind: 'lost', node: 'node-1' })
  expect(processesWith(seconds)).toEqual([])
})

it('a node takes no more than it has room for, whoever asks', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const crowded = startNode(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    project,
    isolation,
    log,
    capacity: 1,
  })
  const [socket] = await once(server, 'connection')
  const messages: Array<{ id?: string; error?: { code: string } }> = []
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())))
  const [first, second] = [requestTo('hang', { text: marker() }), requestTo('count')]
  socket.send(framed({ type: 'perform', id: 'first', ...first }))
  socket.send(framed({ type: 'perform', id: 'second', ...second }))
  await vi.waitFor(
    () =>
      expect(messages).toContainEqual({
        type: 'refused',
        id: 'second',
        error: expect.objectContaining({ code: 'overloaded' }),
      }),
    SOON,
  )
  socket.send(JSON.stringify({ type: 'cancel', id: 'first' }))
  await vi.waitFor(
    () => expect(messages).toContainEqual(expect.objectContaining({ type: 'outcome', id: 'first' })),
    SOON,
  )
  // The message that was refused is not done when it comes again.
  socket.send(framed({ type: 'perform', id: 'second', ...second }))
  // The proof was not spent: there was no room to use it.
  socket.send(framed({ type: 'perform', id: 'third', ...second }))
  await vi.waitFor(
    () => expect(messages).toContainEqual(expect.objectContaining({ type: 'outcome', id: 'third' })),
    SOON,
  )
  expect(messages).not.toContainEqual(expect.objectContaining({ type: 'outcome', id: 'second' }))
  await crowded.stop()
  server.close()
})

it('a node is not created without the key of the journal', () => {
  const options = {
    url: plane.url,
    token: '',
    name: 'n',
    instance: 'instance-1',
    shard: 'main',
    capacity: 1,
    drainMs: 0,
    keep: async () => {},
    fetch: async () => false,
    version: '0.0.0',
    dataDir: project.dataDir,
    projectRoot: project.root,
    isolation,
    clock: systemClock,
    log: silentLog,
  }
  const creating = () => createNode({ ...options, journalKey: 'no key' })
  expect(creating).toThrow(expect.objectContaining({ code: 'journal_key_malformed' }))
})
