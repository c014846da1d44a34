import {
  type ActivatedVersion,
  ENTRY_PAYLOADS,
  type Entry,
  type EntryHeader,
  type EntryPayload,
} from '@azora/contracts'
import type { Journal, ScannedEntry } from '@azora/journal'

export type JournalReader = Pick<Journal, 'last' | 'scan'>

const KIND = 'constitution.activated'

/** Undefined when it was erased, or isn't a signed activation. */
export function payloadOf({ payload }: Pick<Entry<typeof KIND>, 'payload'>): EntryPayload<typeof KIND> | undefined {
  const parsed = ENTRY_PAYLOADS[KIND].safeParse(payload)
  return parsed.success ? parsed.data : undefined
}

async function* activations(journal: JournalReader): AsyncGenerator<ScannedEntry> {
  let after = -1
  for (;;) {
    const page = await journal.scan([KIND], after)
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last.index
  }
}

const textOf = ({ payload }: ScannedEntry) => JSON.parse(payload ?? 'null')

/** 0 when there is no signed activation. One that was erased had the number after the one before it. */
export async function lastSequence(journal: JournalReader): Promise<number> {
  let last = 0
  for await (const entry of activations(journal)) {
    if (entry.payload === null) last += 1
    else last = payloadOf({ payload: textOf(entry) })?.sequence ?? last
  }
  return last
}

/** True also when that activation was not signed. */
export async function wasInForce(journal: JournalReader, digest: string): Promise<boolean> {
  for await (const entry of activations(journal)) if (textOf(entry)?.constitution === digest) return true
  return false
}

export function activatedVersion(
  { at, actor }: Pick<EntryHeader, 'at' | 'actor'>,
  { constitution: digest, sequence, previous, key, articles, statement }: EntryPayload<typeof KIND>,
): ActivatedVersion {
  const { rollback = false, withoutCases = false } = statement
  return { digest, sequence, previous, since: at, by: actor, key, rollback, withoutCases, articles }
}

/** Every signed activation, newest first. */
export async function versionsIn(journal: JournalReader): Promise<ActivatedVersion[]> {
  const versions: ActivatedVersion[] = []
  for await (const entry of activations(journal)) {
    const payload = payloadOf({ payload: textOf(entry) })
    if (!payload) continue
    versions.unshift(activatedVersion(JSON.parse(entry.header), payload))
  }
  return versions
}
