import { hash } from 'node:crypto'
import { AzoraError, smallRandom, toAzoraError } from '@azora/base'
import type { EntryHeader, EntryKind, EntryPayload, RunState } from '@azora/contracts'
import { canonical, headerText, leafHash } from '@azora/proof'
import type { Row } from './store/port.ts'

/** What a room asks the journal to remember. */
export type Draft<K extends EntryKind = EntryKind> = {
  [Kind in K]: {
    kind: Kind
    payload: EntryPayload<Kind>
    tenant: string
    actor: string
    run?: string
    /** A change of the run's state; refused unless the run stands at `from`. Absent `from`: the run must be new. */
    transition?: { from?: RunState; to: RunState }
    /** Where the run has to stand for the entry to be appended; anywhere when absent. */
    standing?: readonly RunState[]
    /** Refused unless the entry gets this place in its run: nothing came into the run that its author has not seen. */
    place?: number
    /** Names the draft for one that is to stand behind it. */
    mark?: symbol
    /** Refused unless the entry before it in its run is that of the marked draft, in the place `at`: it was decided on that. */
    behind?: { mark: symbol; at: number }
    /** Appended once only: a later draft with the same key gets the first one's entry. */
    key?: string
  }
}[K]

const SALT_BYTES = 16
const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024

/** A draft in its final place, as it will be stored. */
export interface Sealed {
  header: EntryHeader
  row: Row
}

/** The part of sealing that needs no place in the log, so that a bad draft is refused before it joins a batch. */
export function preparePayload(draft: Draft): string {
  const text = canonicalPayload(draft)
  if (Buffer.byteLength(text) <= PAYLOAD_BYTES_MAX) return text
  throw new AzoraError(
    'fix',
    'payload_too_large',
    `the payload of ${draft.kind} is larger than ${PAYLOAD_BYTES_MAX} bytes`,
    {
      remedy: 'Keep large data in the workspace and pass its path or digest.',
    },
  )
}

function canonicalPayload({ kind, payload }: Draft): string {
  try {
    return canonical(payload)
  } catch (thrown) {
    throw new AzoraError(
      'fix',
      'payload_not_json',
      `the payload of ${kind} can't be kept: ${toAzoraError(thrown).message}`,
    )
  }
}

export function seal(
  draft: Draft,
  payload: string,
  place: Pick<EntryHeader, 'shard' | 'index' | 'at' | 'runIndex'>,
): Sealed {
  const salt = smallRandom(SALT_BYTES)
  const header: EntryHeader = {
    ...place,
    kind: draft.kind,
    tenant: draft.tenant,
    actor: draft.actor,
    payloadDigest: hash('sha256', Buffer.concat([salt, Buffer.from(payload)]), 'hex'),
    ...(draft.run && { run: draft.run }),
    ...(draft.transition && { transition: draft.transition }),
  }
  const text = headerText(header)
  const row: Row = {
    index: place.index,
    run: draft.run ?? null,
    kind: draft.kind,
    header: text,
    leaf: leafHash(text),
    payload,
    salt,
    key: draft.key ?? null,
  }
  return { header, row }
}
