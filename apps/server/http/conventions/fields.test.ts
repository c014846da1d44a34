import { operations } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { fieldsOf, readFields, selected } from './fields.ts'

const run = fieldsOf(operations.runs.get.responses[200])
const page = fieldsOf(operations.runs.list.responses[200])
if (!run || !page) throw new Error('runs have fields')
const RUN = {
  id: 'a',
  state: 'failed',
  actions: [{ stepId: '1', state: 'failed', error: { code: 'x', message: 'y' } }],
}

describe('fields', () => {
  it('are those of the answer’s schema, of a list those of its items', () => {
    expect([...run.keys()]).toEqual(expect.arrayContaining(['id', 'state', 'actions']))
    expect([...(run.get('actions')?.get('error')?.keys() ?? [])]).toEqual(['code', 'message'])
    expect(page.has('items')).toBe(false)
    expect(page.has('agentId')).toBe(true)
  })

  it.each([
    ['id,state', { id: 'a', state: 'failed' }],
    ['state,id,id', { id: 'a', state: 'failed' }],
    ['actions.error.code', { actions: [{ error: { code: 'x' } }] }],
    ['actions.stepId,actions.state', { actions: [{ stepId: '1', state: 'failed' }] }],
    ['actions.stepId,actions', { actions: RUN.actions }],
    ['actions,actions.stepId', { actions: RUN.actions }],
    ['startedAt', {}],
  ])('%s are taken from the answer', (text, expected) => {
    expect(selected(RUN, readFields(text, run))).toEqual(expected)
  })

  it.each([
    '',
    'nothing',
    'id,',
    ' id',
    'id.x',
    'actions.',
    'actions.nothing',
    '__proto__',
    'constructor',
    'x'.repeat(2_000),
  ])('"%.20s" are none, and the error says which there are', (text) => {
    expect(() => readFields(text, run)).toThrow(
      expect.objectContaining({ code: 'fields_unknown', remedy: expect.stringMatching(/^Choose from: /) }),
    )
  })
})
