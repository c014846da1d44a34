import {
  ActionView,
  ActivatedVersion,
  type ActivateRequest,
  AgentManifest,
  type AgentRun,
  type BacktestRequest,
  type BacktestResult,
  BUNDLE_MEDIA_TYPE,
  ConsistencyProof,
  ConstitutionFile,
  type ConstitutionFiles,
  ConstitutionView,
  EntryRecord,
  ErasurePreview,
  type ErasureRequest,
  type ErasureSelection,
  ErasureView,
  type ExecuteRequest,
  Health,
  InclusionProof,
  isTerminal,
  JournalKeyView,
  type ListErasuresQuery,
  type ListRunsQuery,
  type ManageRequest,
  type NewPrincipal,
  type NewSecret,
  NodeView,
  type OutputEvent,
  Page,
  PayloadKeyView,
  PrincipalCreated,
  PrincipalView,
  ReplayReport,
  type ReplayRequest,
  type ReplaysRequest,
  type ReplaysResult,
  type RetentionRequest,
  RetentionRun,
  RetentionView,
  type ReviewRequest,
  ReviewView,
  type RotateKeyRequest,
  type RotateSecret,
  RunAccepted,
  RunDetail,
  type RunEvent,
  RunPage,
  SecretLeaseView,
  SecretView,
  SignalAccepted,
  type SignalRequest,
  SkillManifest,
  type VerifyRequest,
  VerifyResponse,
} from '@azora/contracts'
import { z } from 'zod'
import { type BacktestCallOptions, followBacktest } from './backtest.ts'
import { AnswerError } from './errors.ts'
import { type EventOptions, followEvents } from './events.ts'
import { type ExportOptions, journalExport } from './journal-export.ts'
import { followOutput } from './output.ts'
import { followReplays, type ReplaysCallOptions } from './replays.ts'
import { type CallOptions, createTransport, type TransportOptions } from './transport.ts'

/** Every method rejects with `ApiError`, `UnreachableError` or `AnswerError`. */
export interface Client {
  /** Answers without a token, as long as the server serves. */
  healthy(options?: CallOptions): Promise<boolean>
  status(options?: CallOptions): Promise<Health>
  manage(request: ManageRequest, options?: CallOptions): Promise<RunAccepted>
  execute(request: ExecuteRequest, options?: CallOptions): Promise<RunAccepted>
  /** The verdict that the action would get; nothing is done. */
  verify(request: VerifyRequest, options?: CallOptions): Promise<VerifyResponse>
  runs(
    query?: z.input<typeof ListRunsQuery>,
    options?: CallOptions,
  ): Promise<{ items: AgentRun[]; next?: string | undefined }>
  run(runId: string, options?: CallOptions): Promise<RunDetail>
  actions(runId: string, options?: CallOptions): Promise<ActionView[]>
  entries(runId: string, options?: CallOptions): Promise<EntryRecord[]>
  events(runId: string, options?: EventOptions): AsyncIterable<RunEvent>
  /** Sends the run word; with an idempotency key it may be sent again. */
  signal(runId: string, signal: SignalRequest, options?: CallOptions): Promise<SignalAccepted>
  /** An in-toto bundle (DSSE envelopes as JSON Lines), which `azora audit verify` checks. */
  evidence(runId: string, options?: CallOptions): Promise<Uint8Array>
  /** Makes a run's decisions again and compares them with the record; nothing is done. */
  replay(runId: string, request?: ReplayRequest, options?: CallOptions): Promise<ReplayReport>
  /** The same for many runs that have ended. */
  replayRecorded(request?: ReplaysRequest, options?: ReplaysCallOptions): Promise<ReplaysResult>
  /** An artifact as it comes; the caller checks its digest. */
  artifact(runId: string, digest: string, options?: CallOptions): Promise<ReadableStream<Uint8Array>>
  /** What the run's actions print from now on, until the run has ended. */
  output(runId: string, options?: CallOptions): AsyncIterable<OutputEvent>
  skills(options?: CallOptions): Promise<SkillManifest[]>
  /** @param version the newest when absent */
  skill(skillId: string, version?: string, options?: CallOptions): Promise<SkillManifest>
  agents(options?: CallOptions): Promise<AgentManifest[]>
  agent(agentId: string, options?: CallOptions): Promise<AgentManifest>
  reviews(options?: CallOptions): Promise<ReviewView[]>
  decide(reviewId: string, request: ReviewRequest, options?: CallOptions): Promise<RunAccepted>
  nodes(options?: CallOptions): Promise<NodeView[]>
  /** Gives the node nothing more; it finishes what it has. */
  drainNode(node: string, options?: CallOptions): Promise<NodeView>
  resumeNode(node: string, options?: CallOptions): Promise<NodeView>
  principals(options?: CallOptions): Promise<PrincipalView[]>
  addPrincipal(principal: NewPrincipal, options?: CallOptions): Promise<PrincipalCreated>
  removePrincipal(id: string, options?: CallOptions): Promise<void>
  secrets(options?: CallOptions): Promise<SecretView[]>
  /** Nobody can read the value again. */
  putSecret(secret: z.input<typeof NewSecret>, options?: CallOptions): Promise<SecretView>
  rotateSecret(name: string, request: z.input<typeof RotateSecret>, options?: CallOptions): Promise<SecretView>
  /** Ends every version and every lease at once. */
  revokeSecret(name: string, options?: CallOptions): Promise<SecretView>
  removeSecret(name: string, options?: CallOptions): Promise<void>
  /** The newest leases, the newest first. */
  secretUses(name: string, options?: CallOptions): Promise<SecretLeaseView[]>
  /** Every key that signed the journal, oldest first. */
  journalKeys(options?: CallOptions): Promise<JournalKeyView[]>
  /** Lets a new key sign; answers all keys. */
  rotateJournalKey(request?: RotateKeyRequest, options?: CallOptions): Promise<JournalKeyView[]>
  /** The log as frames (`@azora/audit` reads them); ends in the middle when the connection breaks. */
  exportJournal(shard: string, options?: ExportOptions): AsyncIterable<Uint8Array>
  /** The newest public checkpoint of a journal shard with its cosignatures: a C2SP signed note. */
  checkpoint(shard: string, options?: CallOptions): Promise<string>
  /** That an entry is in the tree of `size` entries; of the newest public checkpoint when absent. */
  inclusionProof(shard: string, query: { index: number; size?: number }, options?: CallOptions): Promise<InclusionProof>
  /** That the tree of `to` entries continues that of `from`. */
  consistencyProof(
    shard: string,
    query: { from: number; to?: number },
    options?: CallOptions,
  ): Promise<ConsistencyProof>
  /** That an entry is under the newest public checkpoint: a C2SP tlog-proof. */
  entryProof(shard: string, index: number, options?: CallOptions): Promise<string>
  /** @param path of a C2SP tlog tile, such as `tile/0/x001/234` */
  tile(shard: string, path: string, options?: CallOptions): Promise<Uint8Array>
  /** The keys that payloads are encrypted under in the database, oldest first. */
  payloadKeys(options?: CallOptions): Promise<PayloadKeyView[]>
  /** Lets new payloads be encrypted under a new key; answers all keys. */
  rotatePayloadKey(options?: CallOptions): Promise<PayloadKeyView[]>
  /** What an erasure would erase; nothing is. */
  previewErasure(selection: ErasureSelection, options?: CallOptions): Promise<ErasurePreview>
  /** Erases for good what the signed statement names. */
  erase(request: ErasureRequest, options?: CallOptions): Promise<ErasureView>
  /** What was erased, in the order of the log. */
  erasures(
    query?: z.input<typeof ListErasuresQuery>,
    options?: CallOptions,
  ): Promise<{ items: ErasureView[]; next?: string | undefined }>
  erasure(erasureId: string, options?: CallOptions): Promise<ErasureView>
  retention(options?: CallOptions): Promise<RetentionView[]>
  /** Sets or removes the rule of a class; answers all rules. */
  setRetention(request: RetentionRequest, options?: CallOptions): Promise<RetentionView[]>
  /** Applies the rules now, or says what they would erase. */
  runRetention(request: { dryRun: boolean }, options?: CallOptions): Promise<RetentionRun[]>
  /** The law in force. */
  constitution(options?: CallOptions): Promise<ConstitutionView>
  /** Every activation, newest first. */
  constitutionVersions(options?: CallOptions): Promise<ActivatedVersion[]>
  constitutionFiles(digest: string, options?: CallOptions): Promise<ConstitutionFiles>
  activateConstitution(request: ActivateRequest, options?: CallOptions): Promise<ActivatedVersion>
  /** What the recorded verdicts would have been under a draft; nothing is done. */
  backtestConstitution(request: BacktestRequest, options?: BacktestCallOptions): Promise<BacktestResult>
}

export type ClientOptions = TransportOptions

const API = '/api/v1'
/** A replay asks an agent again as often as the run did. */
const REPLAY_LIMIT_MS = 250_000
/** The journal has one shard. */
const SHARD = `${API}/journal/main`
const segment = encodeURIComponent
const logOf = (shard: string): string => `${API}/journal/${segment(shard)}`

/** A client of Azora's HTTP API. Safe requests are repeated a few times while the server is away or busy. */
export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options)
  const { get, post } = transport
  const listOf = async <T extends z.ZodType>(path: string, item: T, call?: CallOptions): Promise<Array<z.infer<T>>> =>
    (await get(`${API}${path}`, Page(item), call)).items as Array<z.infer<T>>
  const text = async (path: string, call?: CallOptions): Promise<string> =>
    new TextDecoder().decode(await transport.getBytes(path, 'text/plain', call))
  const run: Client['run'] = (runId, call) => get(`${API}/runs/${segment(runId)}`, RunDetail, call)

  return {
    healthy: async (call) => (await get('/healthz', z.unknown(), call)) !== undefined,
    status: (call) => get(`${API}/status`, Health, call),
    manage: (request, call) => post(`${API}/orchestrator/manage`, request, RunAccepted, call),
    execute: (request, call) => post(`${API}/orchestrator/execute`, request, RunAccepted, call),
    verify: (request, call) => post(`${API}/orchestrator/verify`, request, VerifyResponse, call),
    runs: (query = {}, call) => get(`${API}/runs${queryOf(query)}`, RunPage, call),
    run,
    actions: (runId, call) => listOf(`/runs/${segment(runId)}/actions`, ActionView, call),
    entries: (runId, call) => listOf(`/runs/${segment(runId)}/entries`, EntryRecord, call),
    events: (runId, events) =>
      followEvents(
        transport,
        `${API}/runs/${segment(runId)}/events`,
        async () => isTerminal((await run(runId, events?.signal ? { signal: events.signal } : {})).state),
        events,
      ),
    evidence: (runId, call) => transport.getBytes(`${API}/runs/${segment(runId)}/evidence`, BUNDLE_MEDIA_TYPE, call),
    signal: (runId, signal, call) => post(`${API}/runs/${segment(runId)}/signals`, signal, SignalAccepted, call),
    replay: (runId, request = {}, call = {}) =>
      post(`${API}/runs/${segment(runId)}/replay`, request, ReplayReport, { limitMs: REPLAY_LIMIT_MS, ...call }),
    replayRecorded: (request = {}, call) => followReplays(transport, `${API}/replays`, request, call),
    async artifact(runId, digest, call) {
      const path = `${API}/runs/${segment(runId)}/artifacts/${segment(digest)}`
      const { body, url } = await transport.stream(path, { accept: 'application/octet-stream' }, call?.signal)
      if (!body) throw new AnswerError(url, 'it is empty')
      return body
    },
    output: (runId, call) => followOutput(transport, `${API}/runs/${segment(runId)}/output`, call?.signal),
    skills: (call) => listOf('/skills', SkillManifest, call),
    skill: (skillId, version, call) =>
      get(`${API}/skills/${segment(skillId)}${queryOf({ version })}`, SkillManifest, call),
    agents: (call) => listOf('/agents', AgentManifest, call),
    agent: (agentId, call) => get(`${API}/agents/${segment(agentId)}`, AgentManifest, call),
    reviews: (call) => listOf('/reviews', ReviewView, call),
    decide: (reviewId, request, call) => post(`${API}/reviews/${segment(reviewId)}`, request, RunAccepted, call),
    nodes: (call) => listOf('/nodes', NodeView, call),
    drainNode: (node, call) => post(`${API}/nodes/${segment(node)}/drain`, {}, NodeView, call),
    resumeNode: (node, call) => post(`${API}/nodes/${segment(node)}/resume`, {}, NodeView, call),
    principals: (call) => listOf('/principals', PrincipalView, call),
    addPrincipal: (principal, call) => post(`${API}/principals`, principal, PrincipalCreated, call),
    removePrincipal: (id, call) => transport.del(`${API}/principals/${segment(id)}`, call),
    secrets: (call) => listOf('/secrets', SecretView, call),
    putSecret: (secret, call) => post(`${API}/secrets`, secret, SecretView, call),
    rotateSecret: (name, request, call) => post(`${API}/secrets/${segment(name)}/rotate`, request, SecretView, call),
    revokeSecret: (name, call) => post(`${API}/secrets/${segment(name)}/revoke`, {}, SecretView, call),
    removeSecret: (name, call) => transport.del(`${API}/secrets/${segment(name)}`, call),
    secretUses: (name, call) => listOf(`/secrets/${segment(name)}/uses`, SecretLeaseView, call),
    journalKeys: (call) => listOf('/journal/keys', JournalKeyView, call),
    rotateJournalKey: async (request = {}, call) =>
      (await post(`${API}/journal/rotate-key`, request, Page(JournalKeyView), call)).items,
    exportJournal: (shard, { from, to, signal } = {}) =>
      journalExport(transport, `${API}/journal/${segment(shard)}/export${queryOf({ from, to })}`, signal),
    checkpoint: (shard, call) => text(`${logOf(shard)}/checkpoint`, call),
    inclusionProof: (shard, query, call) =>
      get(`${logOf(shard)}/proof/inclusion${queryOf(query)}`, InclusionProof, call),
    consistencyProof: (shard, query, call) =>
      get(`${logOf(shard)}/proof/consistency${queryOf(query)}`, ConsistencyProof, call),
    entryProof: (shard, index, call) => text(`${logOf(shard)}/proof/entry/${index}`, call),
    tile: (shard, path, call) => transport.getBytes(`${logOf(shard)}/${path}`, 'application/octet-stream', call),
    payloadKeys: async (call) => (await get(`${SHARD}/payload-keys`, Page(PayloadKeyView), call)).items,
    rotatePayloadKey: async (call) => (await post(`${SHARD}/payload-keys`, {}, Page(PayloadKeyView), call)).items,
    previewErasure: (selection, call) => post(`${SHARD}/erasures/preview`, { selection }, ErasurePreview, call),
    erase: (request, call) => post(`${SHARD}/erasures`, request, ErasureView, call),
    erasures: (query = {}, call) => get(`${SHARD}/erasures${queryOf(query)}`, Page(ErasureView), call),
    erasure: (erasureId, call) => get(`${SHARD}/erasures/${segment(erasureId)}`, ErasureView, call),
    retention: async (call) => (await get(`${SHARD}/retention`, Page(RetentionView), call)).items,
    setRetention: async (request, call) => (await post(`${SHARD}/retention`, request, Page(RetentionView), call)).items,
    runRetention: async (request, call) =>
      (await post(`${SHARD}/retention/run`, request, Page(RetentionRun), call)).items,
    constitution: (call) => get(`${API}/constitution`, ConstitutionView, call),
    constitutionVersions: (call) => listOf('/constitution/versions', ActivatedVersion, call),
    constitutionFiles: (digest, call) =>
      listOf(`/constitution/versions/${segment(digest)}/files`, ConstitutionFile, call),
    activateConstitution: (request, call) => post(`${API}/constitution/activate`, request, ActivatedVersion, call),
    backtestConstitution: (request, call) => followBacktest(transport, `${API}/constitution/backtest`, request, call),
  }
}

function queryOf(query: Record<string, unknown>): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value))
  return search.size === 0 ? '' : `?${search}`
}
