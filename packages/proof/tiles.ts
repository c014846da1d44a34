import { concat } from '#crypto'
import { HASH_BYTES, type Hash } from './merkle.ts'

/** Hashes of a full tile, and entries of a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256

/** Names a tile: neighbouring hashes of one level of the tree, or the entries below those of level 0. */
export interface TilePath {
  /** In steps of eight levels of the tree: a tile's hashes are the roots of the full tiles one level below. */
  level: number | 'entries'
  /** Of the tile within its level. */
  index: number
  /** 1 to 256; below 256 the tile is partial. */
  width: number
}

const LEVEL_MAX = 63
const PATH_CHARS_MAX = 100

/** Such as `tile/0/x001/x234/067`, `tile/1/000.p/17` and `tile/entries/003`. */
export function formatTilePath({ level, index, width }: TilePath): string {
  const groups =
    String(index)
      .padStart(Math.ceil(String(index).length / 3) * 3, '0')
      .match(/\d{3}/g) ?? []
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ''}`
}

/** Reads the only form that a tile's path has; undefined for any other text. */
export function parseTilePath(path: string): TilePath | undefined {
  if (path.length > PATH_CHARS_MAX) return undefined
  const [, level, groups, width] = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? []
  if (level === undefined || groups === undefined) return undefined
  const tile: TilePath = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  const inRange =
    (tile.level === 'entries' || tile.level <= LEVEL_MAX) && Number.isSafeInteger(tile.index) && tile.width > 0
  return inRange && formatTilePath(tile) === path ? tile : undefined
}

/** How many hashes, or entries, a tile has in the tree of `size` leaves: 0 to 256. */
export function tileWidth({ level, index }: Pick<TilePath, 'level' | 'index'>, size: number): number {
  const nodes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level))
  return Math.max(0, Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH))
}

/** The hashes of a tile's bytes; undefined when they are not `width` hashes. */
export function parseHashTile(bytes: Uint8Array, width: number): Hash[] | undefined {
  if (bytes.length !== width * HASH_BYTES) return undefined
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))
}

const LENGTH_BYTES = 2
const ENTRY_BYTES_MAX = 0xffff

/** Entries one after the other, each behind its length in two bytes. Throws a RangeError for one of more than 65535. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    if (entry.length > ENTRY_BYTES_MAX) throw new RangeError(`an entry of ${entry.length} bytes fits in no bundle`)
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]
  })
  return concat(...parts)
}

/** The entries of a bundle; undefined when its bytes are not exactly `width` entries. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] | undefined {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length && entries.length < width) {
    const start = at + LENGTH_BYTES
    const [high, low] = bytes.subarray(at, start)
    if (high === undefined || low === undefined) return undefined
    at = start + high * 256 + low
    if (at > bytes.length) return undefined
    entries.push(bytes.subarray(start, at))
  }
  return at === bytes.length && entries.length === width ? entries : undefined
}
