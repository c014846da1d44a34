import { expect, test } from 'vitest'
import { createLogTail } from './log-tail.ts'

test('keeps what was said, in words, and tells the stages', () => {
  const stages: string[] = []
  const tail = createLogTail((text) => stages.push(text))
  const lines = [
    '{"level":30,"msg":"starting PostgreSQL"}',
    '{"level":50,"msg":"the database is gone","err":{"message":"ECONNREFUSED"}}',
    'plain \u001b[31mtext',
    '    at startEmbedded (embedded.ts:1:1)',
    '{"half":',
  ]
  const bytes = Buffer.from(`${lines.join('\n')}\nrest`)
  tail.take(bytes.subarray(0, 20))
  tail.take(bytes.subarray(20))
  expect(stages).toEqual(['starting PostgreSQL'])
  expect(tail.text().split('\n')).toEqual([
    'starting PostgreSQL',
    'the database is gone: ECONNREFUSED',
    'plain text',
    '{"half":',
    'rest',
  ])
})

test('keeps the last thirty lines', () => {
  const tail = createLogTail(() => {})
  tail.take(Buffer.from(Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join('')))
  expect(tail.text().split('\n')).toEqual(Array.from({ length: 30 }, (_, index) => `line ${index + 70}`))
})
