import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '#crypto'
import { leafHash } from './merkle.ts'
import vectors from './testing/vectors/tiles.json' with { type: 'json' }
import {
  formatEntryBundle,
  formatTilePath,
  parseEntryBundle,
  parseHashTile,
  parseTilePath,
  type TilePath,
  tileWidth,
} from './tiles.ts'

const tileOf = ({ level, index, width }: { level: string | number; index: number; width: number }) =>
  ({ level, index, width }) as TilePath

describe('the path of a tile', () => {
  it.each(vectors.paths)('$path', ({ path, ...tile }) => {
    expect(formatTilePath(tileOf(tile))).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })

  it.each([
    ...vectors.malformed,
    'tile/63/x999/x999/x999/x999/x999/999.p/255',
    'tile/00/000',
    'tile/0/x000/001',
    'tile/0/000.p/0',
    'tile/0/000.p/07',
    'tile/0/000\n',
    '/tile/0/000',
    'tile/0/000?x',
    'tile/0/x٠٠٠/001',
    '',
  ])('is not %j', (path) => expect(parseTilePath(path)).toBeUndefined())

  it('has one form', () => {
    const tile = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.nat({ max: 63 })),
      index: fc.oneof(fc.nat(), fc.maxSafeNat()),
      width: fc.integer({ min: 1, max: 256 }),
    })
    fc.assert(
      fc.property(tile, (of) => {
        expect(parseTilePath(formatTilePath(of))).toEqual(of)
      }),
    )
    const text = fc.string({ unit: fc.constantFrom('tile/', 'entries', '0', '12', '345', 'x', '/', '.p/', '256') })
    fc.assert(
      fc.property(text, (path) => {
        const parsed = parseTilePath(path)
        if (parsed) expect(formatTilePath(parsed)).toBe(path)
      }),
      { numRuns: 2_000 },
    )
  })
})

it.each(vectors.widths)('a tree of $size has $width in tile $index of level $level', ({ size, width, ...of }) =>
  expect(tileWidth(tileOf({ ...of, width }), size)).toBe(width),
)

describe('an entry bundle', () => {
  const entries = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(65_535, 7)]

  it('is its entries behind their lengths', () => {
    const bundle = formatEntryBundle(entries)
    expect(toHex(bundle.subarray(0, 9))).toBe('000566697273740000')
    expect(parseEntryBundle(bundle, 3)).toEqual(entries)
  })

  it('holds no longer entry', () => expect(() => formatEntryBundle([Buffer.alloc(65_536)])).toThrow(RangeError))

  it('is nothing when bytes or entries are missing or left over', () => {
    const small = formatEntryBundle(entries.slice(0, 2))
    for (let length = 0; length < small.length; length += 1)
      expect(parseEntryBundle(small.subarray(0, length), 2)).toBeUndefined()
    expect(parseEntryBundle(Buffer.concat([small, Buffer.from([0])]), 2)).toBeUndefined()
    expect(parseEntryBundle(small, 1)).toBeUndefined()
    expect(parseEntryBundle(small, 3)).toBeUndefined()
  })

  it('reads back whatever was written, and survives any bytes', () => {
    const some = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 })
    fc.assert(
      fc.property(some, (of) => {
        expect(parseEntryBundle(formatEntryBundle(of), of.length)?.map((entry) => Buffer.from(entry))).toEqual(
          of.map((entry) => Buffer.from(entry)),
        )
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat({ max: 256 }), (bytes, width) => {
        const parsed = parseEntryBundle(bytes, width)
        if (parsed) expect(Buffer.from(formatEntryBundle(parsed))).toEqual(Buffer.from(bytes))
      }),
    )
  })
})

it('a hash tile is exactly its hashes', () => {
  const hashes = [leafHash('a'), leafHash('b')]
  expect(parseHashTile(Buffer.concat(hashes), 2)).toEqual(hashes)
  expect(parseHashTile(Buffer.concat(hashes), 1)).toBeUndefined()
  expect(parseHashTile(Buffer.concat(hashes).subarray(1), 2)).toBeUndefined()
})
