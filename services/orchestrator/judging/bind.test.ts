import type { JsonObject } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindInput, boundSteps, valueAt } from './bind.ts'

/** RFC 6901, section 5. */
const DOCUMENT: JsonObject = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

describe('a JSON Pointer', () => {
  it.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j finds its value', (pointer, value) => expect(valueAt(DOCUMENT, pointer)).toEqual(value))

  it.each(['/foo/2', '/foo/01', '/foo/-', '/foo/-1', '/foo/length', '/none', '/a~1b/x', '/__proto__', '/constructor'])(
    '%j finds nothing',
    (pointer) => expect(valueAt(DOCUMENT, pointer)).toBeUndefined(),
  )
})

const outputs = new Map<string, JsonObject>([['clone', { head: 'abc', files: ['x', 'y'], none: null }]])
const bind = (input: JsonObject) => bindInput(input, (stepId) => outputs.get(stepId))

describe('an input', () => {
  it('is bound at any depth', () =>
    expect(
      bind({
        head: { $step: 'clone', $pointer: '/head' },
        deep: [{ first: { $step: 'clone', $pointer: '/files/0' } }],
        whole: { $step: 'clone' },
        none: { $step: 'clone', $pointer: '/none' },
        own: 'stays',
      }),
    ).toEqual({
      head: 'abc',
      deep: [{ first: 'x' }],
      whole: outputs.get('clone'),
      none: null,
      own: 'stays',
    }))

  it.each([
    ['another step', { x: { $step: 'other' } }, 'step other has no output at ""'],
    ['another place', { x: { $step: 'clone', $pointer: '/nowhere' } }, 'step clone has no output at "/nowhere"'],
    ['what is no step', { x: { $step: 7 } }, 'is not a binding'],
    ['more than a step', { x: { $step: 'clone', more: 1 } }, 'is not a binding'],
  ] as Array<[string, JsonObject, string]>)('bound to %s is refused', (_, input, message) =>
    expect(() => bind(input)).toThrow(
      expect.objectContaining({ code: 'binding_failed', message: expect.stringContaining(message) }),
    ),
  )

  it('that is an output is not bound again: an output is data', () => {
    const trap = { $step: 'secret' }
    expect(bindInput({ x: { $step: 'a' } }, (stepId) => (stepId === 'a' ? { y: trap } : 'leaked'))).toEqual({
      x: { y: trap },
    })
  })

  it('names the steps that it is bound to, each once', () => {
    expect(
      boundSteps({ a: { $step: 'x' }, b: [{ $step: 'y', $pointer: '/z' }, { c: { $step: 'x' } }], d: 'x' }),
    ).toEqual(['x', 'y'])
    expect(boundSteps({ a: { $step: 7, b: { $step: 'z' } } })).toEqual(['z'])
  })

  it('without bindings stays as it is', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
        const json = JSON.parse(JSON.stringify(input)) as JsonObject
        fc.pre(!JSON.stringify(json).includes('$step') && !JSON.stringify(json).includes('__proto__'))
        expect(bind(json)).toEqual(json)
        expect(boundSteps(json)).toEqual([])
      }),
    ))
})
