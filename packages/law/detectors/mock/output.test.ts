import type { Json } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../facts/subject.ts'
import { mockOutput } from './output.ts'

const REQUEST = { runId: '01890a5d-ac96-774b-bcce-b302099a8057', tenant: 'acme', principal: 'user:owner' } as const

const find = (outputs: Json, source = '') =>
  mockOutput.find({ ...REQUEST, outputs, sources: [{ digest: '', text: source }], ...readDocument(outputs) })

describe('outputs that somebody has yet to fill in', () => {
  it.each([
    'TODO',
    '[TBD]',
    { summary: 'TODO: write the summary' },
    { letter: 'Dear [Your Name], thank you.' },
    { letter: 'Dear {{ customer.name }}, thank you.' },
    `Hello \${name}, your order is ready.`,
    'Lorem ipsum dolor sit amet, consectetur adipiscing elit.',
    "I'm sorry, but I can't access the document.",
    'As an AI language model, I have no opinion.',
    'Call us at xxx-xxx-xxxx.',
  ])('%j', (outputs) => expect(find(outputs)).toMatchObject([{ rule: 'placeholder_output', severity: 'HIGH' }]))
})

describe('outputs that only look like it', () => {
  it.each([
    '3 TODO comments found.',
    { todos: ['TODO: water the plants'] },
    { marks: [{ kind: 'TODO', line: 3 }] },
    { code: 'const greeting = `Hello $' + '{name}`' },
    'Write `{{ name }}` where the name belongs.',
    'See [Your Account](https://example.org/account).',
    "I'm sorry, I cannot come to the meeting on Friday.",
    'The text is usually called lorem ipsum.',
    '',
  ])('%j', (outputs) => expect(find(outputs)).toEqual([]))

  it('may be what the run has read', () => {
    expect(find('The form says [Your Name].', 'Sign here: [Your Name]')).toEqual([])
    expect(find({ marks: [{ text: 'TODO: finish' }] }, 'TODO: finish')).toEqual([])
    expect(find({ marks: [{ text: 'TODO' }] }, 'TODO')).toEqual([])
    expect(find({ summary: 'TODO' }, 'TODO')).toMatchObject([{ rule: 'placeholder_output' }])
  })
})
