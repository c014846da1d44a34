import { hash } from 'node:crypto'
import type { EntryHeader } from '@azora/contracts'
import { equal, type Hash } from '@azora/proof'
import type { Flaw, FlawCode } from './flaw.ts'
import { type LoggedEntry, SALT_BYTES } from './frames.ts'
import { readHeader } from './header.ts'

/** Where an entry has to fit in. */
export interface Place {
  origin: string
  index: number
  /** Time of the entry before; empty for the first. */
  lastAt: string
}

export interface ReadEntry {
  header: EntryHeader
  leaf: Hash
}

/** Checks an entry by itself and against the one before it; undefined payloads are for the caller to judge. */
export function readEntry(entry: LoggedEntry, { origin, index, lastAt }: Place): ReadEntry | Flaw {
  const flaw = (code: FlawCode, what: string): Flaw => ({ code, index, what })
  if (entry.index !== index)
    return entry.index > index
      ? flaw('entry_missing', `it is missing: entry ${entry.index} comes in its place`)
      : flaw('entry_missing', `entry ${entry.index} comes again in its place`)
  const header = readHeader(entry.leafInput)
  if (typeof header === 'string') return flaw('header_malformed', header)
  if (header.index !== index) return flaw('header_altered', `its header says that it is entry ${header.index}`)
  if (header.shard !== origin) return flaw('header_altered', `its header says that it is of the log ${header.shard}`)
  const leaf = hash('sha256', entry.leafInput, 'buffer')
  const { kept } = entry
  if (!equal(leaf, kept.leaf))
    return flaw(
      'header_altered',
      'its header is not the one of the leaf that is stored beside it: one of them was altered',
    )
  if (kept.kind !== header.kind)
    return flaw('column_differs', `the server keeps it as ${kept.kind}, but it is ${header.kind}`)
  if (kept.run !== header.run)
    return flaw(
      'column_differs',
      `the server keeps it with run ${kept.run ?? 'none'}, but it is of ${header.run ?? 'none'}`,
    )
  if (header.at < lastAt)
    return flaw('time_backwards', `its time ${header.at} is before that of the entry before it, ${lastAt}`)
  const { payloadInput } = entry
  if (
    payloadInput &&
    (payloadInput.length < SALT_BYTES || hash('sha256', payloadInput, 'hex') !== header.payloadDigest)
  )
    return flaw('payload_altered', 'its payload or salt is not the one that its header commits to')
  return { header, leaf }
}

/** The payload of an entry; undefined when it is no JSON. */
export function payloadOf({ payloadInput }: LoggedEntry): unknown {
  try {
    return payloadInput && JSON.parse(payloadInput.toString('utf8', SALT_BYTES))
  } catch {
    return undefined
  }
}
