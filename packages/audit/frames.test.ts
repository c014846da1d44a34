import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExportError, readFrames } from './decode.ts'
import { encodeEnd, encodeEntries, encodeNodes, encodeStart, type StoredEntry } from './encode.ts'
import type { Frame } from './frames.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const index = fc.nat({ max: Number.MAX_SAFE_INTEGER })

const entry: fc.Arbitrary<StoredEntry> = fc
  .record({
    index,
    header: text,
    body: fc.option(fc.tuple(text, bytes(16))),
    leaf: bytes(32),
    kind: fc.constantFrom('run.started', 'x'),
    run: fc.option(fc.uuid()),
    state: fc.option(fc.record({ state: fc.constantFrom('running', 'fail'), index }), { nil: undefined }),
  })
  .map(({ body, ...rest }) => ({ ...rest, payload: body ? body[0] : null, salt: body ? body[1] : null }))

async function* inPieces(whole: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield whole.subarray(at, Math.max(at, cut % (whole.length + 1)))
    at = Math.max(at, cut % (whole.length + 1))
  }
  yield whole.subarray(at)
}

async function framesIn(chunks: AsyncIterable<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const some of readFrames(chunks)) frames.push(...some)
  return frames
}

const framesOf = (entries: readonly StoredEntry[]): Frame[] =>
  entries.map(({ index, header, payload, salt, leaf, kind, run, state }) => ({
    type: 'entry',
    index,
    leafInput: Buffer.concat([Buffer.from([0]), Buffer.from(header)]),
    payloadInput: payload === null || salt === null ? undefined : Buffer.concat([salt, Buffer.from(payload)]),
    kept: { leaf: Buffer.from(leaf), kind, run: run ?? undefined, state },
  }))

describe('frames', () => {
  it('are read as they were written, wherever the stream is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        index,
        async (entries, cuts, level) => {
          const node = { level: level % 40, index: level, hash: Buffer.alloc(32, level) }
          const whole = Buffer.concat([
            encodeStart('a\nnote', ['k1', 'k2']),
            encodeNodes([node]),
            encodeEntries(entries),
            encodeEnd(level),
          ])
          expect(await framesIn(inPieces(whole, cuts))).toEqual([
            { type: 'start', checkpoint: 'a\nnote', keys: ['k1', 'k2'] },
            { type: 'node', ...node },
            ...framesOf(entries),
            { type: 'end', size: level },
          ])
        },
      ),
    )
  })

  it('that are cut off are refused, wherever', async () => {
    await fc.assert(
      fc.asyncProperty(entry, fc.nat(), async (one, cut) => {
        const whole = encodeEntries([one])
        const part = whole.subarray(0, 1 + (cut % (whole.length - 1)))
        await expect(framesIn(inPieces(part, []))).rejects.toThrow(ExportError)
      }),
    )
  })

  it('that are altered are read, or refused, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(entry, fc.nat(), fc.integer({ min: 1, max: 255 }), async (one, place, change) => {
        const whole = Buffer.concat([encodeEntries([one]), encodeEnd(1)])
        const at = place % whole.length
        whole[at] = (whole[at] as number) ^ change
        await framesIn(inPieces(whole, [])).catch((error) => expect(error).toBeInstanceOf(ExportError))
      }),
      { numRuns: 500 },
    )
  })

  it('of any bytes are read, or refused, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (any) => {
        await framesIn(inPieces(any, [])).catch((error) => expect(error).toBeInstanceOf(ExportError))
      }),
      { numRuns: 500 },
    )
  })
})
