import type {
  ErasureRequest,
  ErasureSelection,
  ListErasuresQuery,
  RetentionRequest,
  RotateKeyRequest,
} from '@azora/contracts'
import type { z } from 'zod'
import type { Api, Texts } from './api.ts'
import { type ExportOptions, journalExport } from './journal-export.ts'
import type { CallOptions, Transport } from './transport.ts'

/** The journal has one shard. */
const params = { shard: 'main' } as const

/** The log: its keys and proofs, and what is erased from it. */
export const journalMethods = (transport: Transport, api: Api) => ({
  /** Every key that signed the journal, oldest first. */
  journalKeys: async (call?: CallOptions) => (await api.journal.keys({}, call)).items,
  /** Lets a new key sign; answers all keys. */
  rotateJournalKey: async (body: RotateKeyRequest = {}, call?: CallOptions) =>
    (await api.journal.rotateKey({ body }, call)).items,
  /** The log as frames (`@azora/audit` reads them); ends in the middle when the connection breaks. */
  exportJournal(shard: string, { from, to, signal }: ExportOptions = {}): AsyncIterable<Uint8Array> {
    const query = new URLSearchParams()
    if (from !== undefined) query.set('from', String(from))
    if (to !== undefined) query.set('to', String(to))
    return journalExport(transport, `/api/v1/journal/${encodeURIComponent(shard)}/export?${query}`, signal)
  },
  /** The newest public checkpoint of a journal shard with its cosignatures: a C2SP signed note. */
  checkpoint: (shard: string, call?: CallOptions) => api.journal.checkpoint({ params: { shard } }, call),
  /** That an entry is in the tree of `size` entries; of the newest public checkpoint when absent. */
  inclusionProof: (shard: string, query: { index: number; size?: number }, call?: CallOptions) =>
    api.journal.inclusionProof({ params: { shard }, query }, call),
  /** That the tree of `to` entries continues that of `from`. */
  consistencyProof: (shard: string, query: { from: number; to?: number }, call?: CallOptions) =>
    api.journal.consistencyProof({ params: { shard }, query }, call),
  /** That an entry is under the newest public checkpoint: a C2SP tlog-proof. */
  entryProof: (shard: string, index: number, call?: CallOptions) =>
    api.journal.entryProof({ params: { shard, index } }, call),
  /** @param path of a C2SP tlog tile, such as `tile/0/x001/234` */
  tile: (shard: string, path: string, call?: CallOptions) =>
    transport.getBytes(`/api/v1/journal/${encodeURIComponent(shard)}/${path}`, 'application/octet-stream', call),
  /** The keys that payloads are encrypted under in the database, oldest first. */
  payloadKeys: async (call?: CallOptions) => (await api.journal.payloadKeys({ params }, call)).items,
  /** Lets new payloads be encrypted under a new key; answers all keys. */
  rotatePayloadKey: async (call?: CallOptions) =>
    (await api.journal.rotatePayloadKey({ params, body: {} }, call)).items,
  /** What an erasure would erase; nothing is. */
  previewErasure: (selection: ErasureSelection, call?: CallOptions) =>
    api.erasures.preview({ params, body: { selection } }, call),
  /** Erases for good what the signed statement names. */
  erase: (body: ErasureRequest, call?: CallOptions) => api.erasures.erase({ params, body }, call),
  /** What was erased, in the order of the log. */
  erasures: (query: Texts<z.input<typeof ListErasuresQuery>> = {}, call?: CallOptions) =>
    api.erasures.list({ params, query }, call),
  erasure: (erasureId: string, call?: CallOptions) => api.erasures.get({ params: { ...params, erasureId } }, call),
  retention: async (call?: CallOptions) => (await api.retention.list({ params }, call)).items,
  /** Sets or removes the rule of a class; answers all rules. */
  setRetention: async (body: RetentionRequest, call?: CallOptions) =>
    (await api.retention.set({ params, body }, call)).items,
  /** Applies the rules now, or says what they would erase. */
  runRetention: async (body: { dryRun: boolean }, call?: CallOptions) =>
    (await api.retention.run({ params, body }, call)).items,
})
