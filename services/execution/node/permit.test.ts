import { randomUUID } from 'node:crypto'
import { clockOf } from '@azora/base'
import { type Action, type PerformRequest, type Receipt, ToNode } from '@azora/contracts'
import { createKeyTrust } from '@azora/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AUDIENCE, allowing, createTestLog, newSigner, type TestLog } from '../testing/log.ts'
import { anAction, framed, permitted } from '../testing/requests.ts'
import { requestsIn } from './perform-message.ts'
import { createPermitCheck } from './permit.ts'
import { createSpentProofs } from './spent-proofs.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const at = (ms: number): string => new Date(NOW + ms).toISOString()
/** No list is empty, so that leaving one out is a change. */
const ACTION = anAction({
  resources: { read: ['/srv/in'], write: ['/srv/out'], hosts: ['example.org'] },
  effects: ['write', 'external'],
})

function checkOf(log: TestLog, { audience = AUDIENCE, room = 100, nowMs = NOW } = {}) {
  const clock = clockOf(() => nowMs)
  const spent = createSpentProofs(room)
  const check = createPermitCheck({ journal: createKeyTrust(log.signer.verifier), spent, clock, audience })
  return { codeOf: (request: PerformRequest) => check(request)?.code, clock }
}

const requestOf = (action: Action, receipt: PerformRequest['receipt']): PerformRequest => ({
  ...permitted(createTestLog(), action),
  type: 'perform',
  id: randomUUID(),
  receipt,
})

const fresh = (log: TestLog, changes: Parameters<typeof allowing>[1] = {}, entryAt = at(-1_000)): PerformRequest =>
  requestOf(ACTION, log.commit({ at: entryAt, payload: allowing(ACTION, { expiresAt: at(30_000), ...changes }) }))

function changed(request: PerformRequest, change: (receipt: Receipt) => void): PerformRequest {
  const copy = structuredClone(request)
  if (copy.receipt) change(copy.receipt)
  return copy
}

describe('createPermitCheck', () => {
  const log = createTestLog()

  it('lets exactly the permitted action pass, once', () => {
    const { codeOf } = checkOf(log)
    const request = fresh(log)
    expect(codeOf(request)).toBeUndefined()
    expect(codeOf(request)).toBe('proof_spent')
    expect(codeOf({ ...request, id: 'another-id' })).toBe('proof_spent')
  })

  it('refuses a request without a proof', () => {
    const { receipt: _receipt, ...request } = fresh(log)
    expect(checkOf(log).codeOf(request)).toBe('proof_missing')
  })

  it.each<[string, (receipt: Receipt) => object]>([
    ['header', ({ entry }) => Object.assign(entry.header, { actor: 'user:else' })],
    ['time', ({ entry }) => Object.assign(entry.header, { at: at(1) })],
    ['nonce', ({ entry }) => Object.assign(entry.payload?.permission ?? {}, { nonce: '0'.repeat(32) })],
    ['expiry', ({ entry }) => Object.assign(entry.payload?.permission ?? {}, { expiresAt: at(99_999) })],
    ['salt', ({ entry }) => Object.assign(entry, { salt: '0'.repeat(32) })],
    ['missing salt', ({ entry }) => Object.assign(entry, { salt: undefined })],
    ['order of the path', ({ inclusion }) => inclusion.path.reverse()],
    ['length of the path', ({ inclusion }) => inclusion.path.splice(1)],
    ['position', ({ inclusion }) => Object.assign(inclusion, { index: 2 })],
    ['checkpoint', (receipt) => Object.assign(receipt, { checkpoint: receipt.checkpoint.replace('\n5\n', '\n6\n') })],
    ['empty checkpoint', (receipt) => Object.assign(receipt, { checkpoint: '' })],
  ])('refuses a receipt with an altered %s', (_what, change) => {
    const { codeOf } = checkOf(log)
    const request = fresh(log)
    expect(codeOf(changed(request, change))).toBe('proof_invalid')
    expect(codeOf(request), 'a forgery must not spend the real proof').toBeUndefined()
  })

  it('refuses what another key signed, also under the same name', () => {
    const stranger = createTestLog(newSigner())
    expect(checkOf(log).codeOf(fresh(stranger))).toBe('proof_invalid')
  })

  it('refuses the checkpoint of another batch', () => {
    const { codeOf } = checkOf(log)
    const other = fresh(log)
    const request = changed(
      fresh(log),
      (receipt) => void Object.assign(receipt, { checkpoint: other.receipt?.checkpoint }),
    )
    expect(codeOf(request)).toBe('proof_invalid')
  })

  const verdict = (change: object) => log.commit({ at: at(-1), payload: { ...allowing(ACTION), ...change } })
  const denied = { verdict: 'deny', score: 0, reasons: [], constitution: 'c'.repeat(64) }
  it.each<[string, PerformRequest]>([
    ['of another action', requestOf(anAction(), fresh(log).receipt)],
    ['of the same step with another input', requestOf({ ...ACTION, input: { text: 'bye' } }, fresh(log).receipt)],
    ['of a denied action', requestOf(ACTION, verdict({ result: denied }))],
    ['of an action in review', requestOf(ACTION, verdict({ result: { ...denied, verdict: 'review' } }))],
    ['that permits nothing', requestOf(ACTION, verdict({ permission: undefined }))],
    ['whose permission is for another action', fresh(log, { actionDigest: 'a'.repeat(64) })],
    ['whose verdict is on another action', requestOf(ACTION, verdict({ action: { ...ACTION, stepId: 'other' } }))],
    [
      'of another kind of entry',
      requestOf(ACTION, log.commit({ at: at(-1), kind: 'run.started', payload: allowing(ACTION) })),
    ],
    [
      'whose payload was erased',
      changed(fresh(log), ({ entry }) => void Object.assign(entry, { payload: undefined, salt: undefined })),
    ],
  ])('refuses a proof %s', (_what, request) => {
    expect(checkOf(log).codeOf(JSON.parse(JSON.stringify(request)))).toBe('proof_mismatch')
  })

  it('refuses an expired proof, from the very moment on', () => {
    const request = fresh(log, { expiresAt: at(30_000) })
    expect(checkOf(log, { nowMs: NOW + 30_000 }).codeOf(request)).toBe('proof_expired')
    expect(checkOf(log, { nowMs: NOW + 29_999 }).codeOf(request)).toBeUndefined()
  })

  it.each(['node-2/instance-1', 'node-1/instance-2'])(
    'refuses a proof for %s, which may have been spent there',
    (audience) => {
      expect(checkOf(log).codeOf(fresh(log, { audience }))).toBe('proof_elsewhere')
      expect(checkOf(log, { audience }).codeOf(fresh(log, { audience }))).toBeUndefined()
    },
  )

  it('refuses rather than forgets when its memory is full', () => {
    const { codeOf } = checkOf(log, { room: 2 })
    const [first, second, third] = [fresh(log), fresh(log), fresh(log)]
    expect([codeOf(first), codeOf(second), codeOf(third)]).toEqual([undefined, undefined, 'overloaded'])
    expect(codeOf(first)).toBe('proof_spent')
  })

  it('makes room by forgetting expired proofs', () => {
    let nowMs = NOW
    const spent = createSpentProofs(1)
    const deps = {
      journal: createKeyTrust(log.signer.verifier),
      spent,
      clock: clockOf(() => nowMs),
      audience: AUDIENCE,
    }
    const check = createPermitCheck(deps)
    expect(check(fresh(log, { expiresAt: at(10) }))).toBeUndefined()
    nowMs += 10
    expect(check(fresh(log))).toBeUndefined()
  })

  it('never passes when any single thing in the proof or the action is changed', () => {
    const request = fresh(log)
    const said = fc.constantFrom(request, { ...request, action: structuredClone(request.action) })
    fc.assert(
      fc.property(said, fc.nat(), fc.nat(), fc.boolean(), (sent, which, seed, remove) => {
        const message: Message = JSON.parse(framed(sent))
        const paths = [...PROOF, 'action'].flatMap((name) => leavesIn(message, name))
        const path = paths[which % paths.length] ?? []
        const parsed = ToNode.safeParse(alter(message, path, seed, remove))
        const [heard] = parsed.success && parsed.data.type === 'perform' ? requestsIn(parsed.data) : []
        expect(heard ? checkOf(log).codeOf(heard) : 'malformed', `${path.join('.')} was changed`).toBeDefined()
      }),
      { numRuns: 1_500 },
    )
  })
})

type Message = { requests: [Record<string, unknown>] } & Record<string, unknown>
const PROOF = ['checkpoint', 'nodes', 'entry', 'inclusion']

const leavesIn = (message: Message, name: string): Path[] => [
  ...(name in message ? leavesOf(message[name], [name]) : []),
  ...(name in message.requests[0] ? leavesOf(message.requests[0][name], ['requests', 0, name]) : []),
]

type Path = Array<string | number>

function leavesOf(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, Array.isArray(value) ? +key : key]))
}

function alter(value: unknown, [key, ...rest]: Path, seed: number, remove: boolean): unknown {
  if (key === undefined) return altered(value, seed)
  if (Array.isArray(value)) {
    if (rest.length === 0 && remove) return value.filter((_, index) => index !== key)
    return value.map((inner, index) => (index === key ? alter(inner, rest, seed, remove) : inner))
  }
  const { [key]: inner, ...others } = value as Record<string, unknown>
  return rest.length === 0 && remove ? others : { ...others, [key]: alter(inner, rest, seed, remove) }
}

function altered(value: unknown, seed: number): unknown {
  if (typeof value === 'number') return value + 1 + (seed % 5)
  if (typeof value !== 'string') return seed
  const place = seed % Math.max(1, value.length)
  const letter = value[place] === 'A' ? 'B' : 'A'
  return value.slice(0, place) + letter + value.slice(place + 1)
}
