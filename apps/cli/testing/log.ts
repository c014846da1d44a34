import type { EntryKind, EntryRecord, RunState } from '@azora/contracts'
import { createLog, LAW, type TestLog as WholeLog } from '@azora/evidence/testing'

export const RUN = '01920000-0000-7000-8000-000000000001'

/** A journal of one run, signed with a key of its own. */
export interface TestLog {
  /** Of the run. */
  entries: EntryRecord[]
  key: string
  add(kind: EntryKind, payload: Record<string, unknown>, to?: RunState): EntryRecord
  register: WholeLog['register']
  bundle(): Uint8Array<ArrayBuffer>
}

export function createTestLog(): TestLog {
  const log = createLog()
  log.activate(LAW)
  const entries: EntryRecord[] = []
  return {
    entries,
    key: log.signer.verifier.text,
    add(kind, payload, to) {
      const entry = log.add({ kind, payload, to, run: RUN, actor: 'user:owner' })
      entries.push(entry)
      return entry
    },
    register: log.register,
    bundle: () => log.bundleOf(RUN),
  }
}
