import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CliError } from './exit.ts'
import { countOf, inputOf, runIdOf, scopeOf } from './inputs.ts'

test('values are JSON where they parse, else text, and win over --input', async () => {
  const set = ['count=3', 'on=true', 'name=a=b', 'list=[1,2]', 'nothing=null', 'empty=', 'over=1']
  expect(await inputOf({ input: '{"over": 0, "kept": "x"}', set })).toEqual({
    count: 3,
    on: true,
    name: 'a=b',
    list: [1, 2],
    nothing: null,
    empty: '',
    over: 1,
    kept: 'x',
  })
})

test('input may come from a file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'azora-input-'))
  await writeFile(join(dir, 'input.json'), '{"a": 1}')
  expect(await inputOf({ input: `@${join(dir, 'input.json')}` })).toEqual({ a: 1 })
  await rm(dir, { recursive: true })
})

test.each(['[1]', 'text', '{"a":', '@/nowhere/input.json'])('--input %s is refused', async (input) => {
  await expect(inputOf({ input })).rejects.toThrow(CliError)
})

test.each(['novalue', '=1'])('-i %s is refused', async (assignment) => {
  await expect(inputOf({ set: [assignment] })).rejects.toThrow(/has no value/)
})

test('the scope has absolute paths and bare hosts', () => {
  expect(scopeOf({ read: ['../x'], write: ['/a/./b/'], host: ['Example.org:8080'] })).toEqual({
    read: [join(process.cwd(), '../x')],
    write: ['/a/b'],
    hosts: ['example.org:8080'],
  })
  expect(() => scopeOf({ host: ['https://example.org'] })).toThrow(/not a host/)
})

test('ids and counts', () => {
  expect(runIdOf('01920000-0000-7000-8000-000000000001')).toBe('01920000-0000-7000-8000-000000000001')
  expect(() => runIdOf('last')).toThrow(/not a run id/)
  expect(countOf('9', '--priority', 9)).toBe(9)
  for (const wrong of ['10', '-1', '1.5', 'x']) expect(() => countOf(wrong, '--priority', 9)).toThrow(/whole number/)
})
