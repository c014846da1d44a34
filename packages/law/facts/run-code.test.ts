import { describe, expect, it } from 'vitest'
import { runCodeIn } from './run-code.ts'
import { readDocument } from './subject.ts'

const languagesOf = (skillId: string, input: unknown): string[] =>
  runCodeIn(skillId, readDocument(input).texts).map(({ language }) => language)

describe('runCodeIn', () => {
  it.each([
    ['code.run', { language: 'Python', code: 'print(123)' }, ['python']],
    ['python.exec', { code: 'print(123)' }, ['']],
    ['tool', { runtime: 'node', script: 'console.log(1)' }, []],
    ['notebook.run', { cells: [{ source: 'print(123)' }, { source: 'print(456)' }] }, ['', '']],
    ['code.write-file', { language: 'python', code: 'print(123)' }, []],
    ['code.run', { path: 'a.py', content: 'print(123)' }, []],
    ['forum.post', { code: 'print(123)' }, []],
  ])('%s of %j', (skillId, input, languages) => expect(languagesOf(skillId, input)).toEqual(languages))
})
