import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DETECTORS } from '../detectors/list.ts'
import { readLaw } from '../law/files.ts'
import { compileLaw } from '../law/law.ts'
import { anyRequest } from '../testing/arbitrary.ts'
import { CONSTITUTION, requestFor } from '../testing/requests.ts'
import { createGate } from './gate.ts'
import { remembering } from './memory.ts'

const law = compileLaw(await readLaw(CONSTITUTION.pathname))
const uuid = (seed: string): string => {
  const hex = createHash('sha256').update(seed).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

describe('a gate', () => {
  it('says to an action of another run and step what a gate says that never heard of it', () => {
    const gate = createGate({ law, detectors: DETECTORS })
    const fresh = createGate({ law, detectors: DETECTORS })
    fc.assert(
      fc.property(anyRequest, (request) => {
        const other = { ...request, action: { ...request.action, runId: uuid(request.action.runId), stepId: 'other' } }
        gate.verify(request)
        expect(gate.verify(other)).toEqual(fresh.verify(other))
      }),
      { numRuns: 100 },
    )
  })

  it('judges anew what differs in anything else', () => {
    const gate = createGate({ law, detectors: DETECTORS })
    const request = requestFor({})
    expect(gate.verify(request).verdict).toBe('allow')
    const graver = { ...request, action: { ...request.action, effects: ['destructive' as const] } }
    expect(gate.verify(graver)).not.toEqual(gate.verify(request))
  })

  it('hands out what nobody can change for the next one', () => {
    const gate = createGate({ law, detectors: DETECTORS })
    const first = gate.verify(requestFor({}))
    expect(() => {
      first.verdict = 'deny'
    }).toThrow(TypeError)
    expect(() => first.reasons.push(...first.reasons, {} as never)).toThrow(TypeError)
  })
})

describe('what is remembered', () => {
  const counting = (wordsOf: (question: unknown) => object | undefined, lasts = true) => {
    let asked = 0
    const answer = remembering(
      () => ({ number: ++asked }),
      wordsOf,
      () => lasts,
    )
    return (question: unknown) => answer(question).number
  }

  it('is the answer to the same words', () => {
    const ask = counting((question) => question as object)
    expect([ask({ a: 1 }), ask({ a: 1 }), ask({ a: 2 }), ask({ a: 1 })]).toEqual([1, 1, 2, 1])
  })

  it.each<[string, ReturnType<typeof counting>, unknown]>([
    ['without words', counting(() => undefined), {}],
    ['that is long', counting((question) => question as object), { text: 'x'.repeat(5_000) }],
    ['whose answer does not last', counting((question) => question as object, false), {}],
    ['that can not be written down', counting((question) => question as object), { number: 1n }],
  ])('is not a question %s', (_what, ask, question) => {
    expect([ask(question), ask(question)]).toEqual([1, 2])
  })
})
