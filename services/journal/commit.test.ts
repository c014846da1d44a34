import { AzoraError } from '@azora/base'
import { describe, expect, it } from 'vitest'
import { commit, isDurable, isFinal } from './commit.ts'
import type { Batch, Head } from './store/port.ts'

const BATCH: Batch = {
  shard: 'azora/test',
  epoch: 2,
  expectedSize: 10,
  frontier: [],
  checkpoint: 'the signed root of 12 entries',
  rows: [{}, {}] as never,
  nodes: [],
  states: [],
  newRuns: [],
}
const BEFORE: Head = { epoch: 2, size: 10, frontier: [], checkpoint: 'the signed root of 10 entries' }
const AFTER: Head = { ...BEFORE, size: 12, checkpoint: BATCH.checkpoint }

/** A shard at `head` whose appends answer as given. */
const storeAt = (head: Head | undefined, appended = false) => ({
  append: async () => appended,
  head: async () => head,
})

describe('a batch', () => {
  it('is durable when it was appended now or by an attempt whose answer was lost', async () => {
    await expect(commit(storeAt(undefined, true), BATCH)).resolves.toBeUndefined()
    await expect(commit(storeAt(AFTER), BATCH)).resolves.toBeUndefined()
  })

  it('is told from another batch of the same length', async () => {
    const other = { ...AFTER, checkpoint: 'the signed root of 12 other entries' }
    await expect(commit(storeAt(other), BATCH)).rejects.toMatchObject({ code: 'journal_diverged' })
    await expect(isDurable(storeAt(other), BATCH)).rejects.toMatchObject({ code: 'journal_diverged' })
  })

  it('is not durable while the shard stands where it stood', async () => {
    expect(await isDurable(storeAt(BEFORE), BATCH)).toBe(false)
    expect(await isDurable(storeAt(AFTER), BATCH)).toBe(true)
  })

  it.each([
    ['under another epoch', { ...AFTER, epoch: 3 }],
    ['of a shard that vanished', undefined],
  ])('%s is fenced off, even when it is there', async (_, head) => {
    await expect(commit(storeAt(head), BATCH)).rejects.toMatchObject({ code: 'journal_fenced', advice: 'conflict' })
  })

  it('whose fate is known ends the writer only when nobody can append any more', async () => {
    const errors = ['journal_fenced', 'journal_diverged', 'database_unreachable', 'illegal_transition']
    expect(errors.map((code) => isFinal(new AzoraError('conflict', code, code)))).toEqual([true, true, false, false])
  })
})
