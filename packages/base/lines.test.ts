import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AzoraError } from './errors.ts'
import { readLines } from './lines.ts'

function read(chunks: Buffer[], maxBytes = 1_000): Promise<{ lines: string[]; error: AzoraError | undefined }> {
  const lines: string[] = []
  return new Promise((resolve) =>
    readLines(
      Readable.from(chunks),
      maxBytes,
      (line) => lines.push(line),
      (error) => resolve({ lines, error }),
    ),
  )
}

const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\n', '\u2028'))

describe('lines', () => {
  it('are the same wherever the chunks end, also within a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat({ max: 400 })), async (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
        const ends = [...new Set([...cuts, bytes.length])].filter((at) => at <= bytes.length).sort((a, b) => a - b)
        const chunks = ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end)).filter(({ length }) => length > 0)
        expect(await read(chunks)).toEqual({ lines: texts, error: undefined })
      }),
    )
  })

  it('end with a line feed: what the stream leaves behind the last one is no line', async () =>
    expect((await read([Buffer.from('whole\nhal')])).lines).toEqual(['whole']))

  it('are UTF-8', async () => {
    const { lines, error } = await read([Buffer.from('good\n'), Buffer.from([0xff, 0x0a]), Buffer.from('lost\n')])
    expect(lines).toEqual(['good'])
    expect(error?.code).toBe('line_not_utf8')
  })

  it.each([
    ['in one chunk', ['12345\n123456\nlost\n']],
    ['over chunks', ['12345\n12', '34', '56\nlost\n']],
    ['before its end has come', ['12345\n', '123456', 'lost\n']],
  ])('may be as long as allowed and not longer, %s', async (_, chunks) => {
    const { lines, error } = await read(
      chunks.map((chunk) => Buffer.from(chunk)),
      5,
    )
    expect(lines).toEqual(['12345'])
    expect(error).toMatchObject({ code: 'line_too_long', advice: 'fix' })
  })

  it('end without an error when the stream breaks', async () => {
    const ended = await new Promise((resolve) => {
      const stream = new Readable({ read() {} })
      readLines(
        stream,
        5,
        () => {},
        (error) => resolve(error ?? 'ended'),
      )
      stream.destroy(new Error('gone'))
    })
    expect(ended).toBe('ended')
  })
})
