import type { ProvenEntry, Receipt } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { createReceiptVerifier } from './receipt.ts'
import { logOf, newSigner } from './testing/log.ts'
import { RUN, runOf, verified } from './testing/run.ts'

const signer = newSigner('azora/test')
const receiptOf = (log: ReturnType<typeof logOf>, at: number): Receipt => ({
  ...(log.entries[at] as ProvenEntry),
  checkpoint: log.checkpoint,
})
const log = logOf(RUN, runOf(verified()), signer)
const check = createReceiptVerifier(signer.verifier)

describe('a receipt', () => {
  it('proves each entry of the log, also right after a bad one', () => {
    for (const at of log.entries.keys()) {
      expect(check(receiptOf(log, at))).toBeUndefined()
      expect(check({ ...receiptOf(log, at), checkpoint: 'nothing' })).toBe(
        'the checkpoint is not signed by the journal',
      )
    }
  })

  it('of a log that somebody else signed proves nothing', () => {
    const foreign = logOf(RUN, runOf(verified()), newSigner('azora/test'))
    expect(check(receiptOf(foreign, 2))).toBe('the checkpoint is not signed by the journal')
  })

  it('of one log does not prove an entry of another', () => {
    const later = logOf(RUN, runOf(verified(), verified()), signer)
    expect(check({ ...receiptOf(log, 2), checkpoint: later.checkpoint })).toMatch(/entry 2 is not in the log/)
    const renamed = logOf(RUN, runOf(verified()), newSigner('azora/other'))
    expect(check({ ...receiptOf(renamed, 2), checkpoint: log.checkpoint })).toMatch(/belongs to log azora\/other/)
  })

  it('does not prove another payload, salt or place', () => {
    const receipt = receiptOf(log, 2)
    const { entry } = receipt
    const { salt: _salt, ...unsalted } = entry
    expect(check({ ...receipt, entry: { ...entry, payload: { ...entry.payload, more: 1 } } })).toMatch(/was altered/)
    expect(check({ ...receipt, entry: { ...entry, salt: '0'.repeat(32) } })).toMatch(/was altered/)
    expect(check({ ...receipt, entry: unsalted })).toMatch(/without its salt/)
    expect(check({ ...receipt, inclusion: { ...receipt.inclusion, index: 3 } })).toMatch(/inclusion proof of leaf 3/)
  })
})
