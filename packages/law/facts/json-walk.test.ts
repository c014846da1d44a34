import { describe, expect, it } from 'vitest'
import { walkJson } from './json-walk.ts'

describe('walkJson', () => {
  it('visits values and keys with their pointers', () => {
    const seen: string[] = []
    walkJson({ a: [1, { 'b/c~': 'x' }] }, (value, { pointer }) => {
      if (typeof value !== 'object') seen.push(`${pointer()}=${String(value)}`)
    })
    expect(seen).toEqual(['/a=a', '/a/0=1', '/a/1/b~1c~0=b/c~', '/a/1/b~1c~0=x'])
  })

  it('visits members in the order of their names, whatever order they are written in', () => {
    const names = (document: unknown): unknown[] => {
      const seen: unknown[] = []
      walkJson(document, (value, { isKey }) => isKey && seen.push(value))
      return seen
    }
    expect(names({ b: 1, a: { d: 1, c: 1 } })).toEqual(['a', 'c', 'd', 'b'])
    expect(names({ a: { c: 1, d: 1 }, b: 1 })).toEqual(['a', 'c', 'd', 'b'])
  })

  it('refuses a document that is nested too deep', () => {
    let document: unknown[] = ['bottom']
    for (let depth = 1; depth < 256; depth += 1) document = [document]
    expect(() => walkJson(document, () => {})).not.toThrow()
    expect(() => walkJson([document], () => {})).toThrowError('nested deeper than 256')
  })

  it('refuses a document with too many values', () => {
    expect(() => walkJson(Array(200_000).fill(0), () => {})).toThrowError('more than 200000 JSON values')
  })
})
