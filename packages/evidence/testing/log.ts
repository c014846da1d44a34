import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  type AgentManifest,
  type ConstitutionFiles,
  type EntryHeader,
  type EntryKind,
  type EntryRecord,
  OWNER_KEY_NAME,
  type ProvenEntry,
  type RunState,
  type SkillManifest,
} from '@azora/contracts'
import { digestOfLaw } from '@azora/law/digest'
import {
  canonical,
  createSigner,
  createWitness,
  digestOf,
  EMPTY_FRONTIER,
  extend,
  type Hash,
  inclusionPath,
  leafOf,
  payloadDigest,
  rootOf,
  type Signer,
  signCheckpoint,
  signStatement,
  type Witness,
} from '@azora/proof'
import { signEvidence } from '../dsse.ts'
import { type EvidenceParts, makeEvidence } from '../make.ts'

const START_MS = Date.UTC(2026, 0, 1)
const STEP_MS = 500

export const newSigner = (name: string): Signer => createSigner(name, generateKeyPairSync('ed25519').privateKey)
export const newWitness = (name: string): Witness => createWitness(name, generateKeyPairSync('ed25519').privateKey)

export interface Written {
  kind: EntryKind
  payload: Record<string, unknown>
  actor?: string
  run?: string | undefined
  to?: RunState | undefined
  /** Milliseconds after the entry before. */
  later?: number
}

/** A law that nobody reads: what counts here is its digest. */
export const LAW: ConstitutionFiles = [
  { name: 'articles/01-all.cedar', text: 'permit (principal, action, resource);' },
  { name: 'schema.cedarschema', text: '' },
  { name: 'thresholds.json', text: '{}' },
]
export const CONSTITUTION = digestOfLaw(LAW)

/** A whole log in memory, with the runs, laws, people and code of a test. */
export interface TestLog {
  signer: Signer
  owner: Signer
  records: EntryRecord[]
  add(written: Written): EntryRecord
  activate(files: ConstitutionFiles): EntryRecord
  person(id: string): Signer
  register(manifest: SkillManifest | AgentManifest): EntryRecord
  /** Erases the payloads of neighbouring entries, on record. */
  erase(indexes: readonly number[], by: string, key: Signer): EntryRecord
  /** What the bundle of a run is made of, under a checkpoint over the whole log. */
  partsOf(run: string, witnesses?: ReadonlyArray<{ witness: Witness; atSeconds: number }>): EvidenceParts
  bundleOf(run: string, change?: (parts: EvidenceParts) => EvidenceParts): Uint8Array<ArrayBuffer>
}

export function createLog(signer = newSigner('azora/test'), owner = newSigner(OWNER_KEY_NAME)): TestLog {
  const records: EntryRecord[] = []
  const laws: Array<{ files: ConstitutionFiles; index: number }> = []
  const principals: number[] = []
  const manifests: Array<{ manifest: SkillManifest | AgentManifest; index: number }> = []
  const runs = new Map<string, { state?: RunState; next: number }>()
  let atMs = START_MS

  function add({ kind, payload, actor = 'system:test', run, to, later = STEP_MS }: Written): EntryRecord {
    const salt = randomBytes(16).toString('hex')
    const standing = run === undefined ? undefined : (runs.get(run) ?? { next: 0 })
    const header: EntryHeader = {
      shard: signer.verifier.name,
      index: records.length,
      kind,
      tenant: 'default',
      actor,
      at: new Date(atMs).toISOString(),
      payloadDigest: payloadDigest(salt, canonical(payload)),
      ...(run !== undefined && { run, runIndex: standing?.next ?? 0 }),
      ...(to && { transition: { ...(standing?.state && { from: standing.state }), to } }),
    }
    atMs += later
    if (run !== undefined && standing)
      runs.set(run, {
        next: standing.next + 1,
        ...((to ?? standing.state) && { state: to ?? standing.state }),
      } as never)
    const record = { header, payload: JSON.parse(canonical(payload)), salt }
    records.push(record)
    return record
  }

  function activate(files: ConstitutionFiles): EntryRecord {
    const constitution = digestOfLaw(files)
    const last = laws.at(-1)
    const statement = {
      type: 'azora.constitution.v1' as const,
      constitution,
      sequence: laws.length + 1,
      previous: last ? digestOfLaw(last.files) : null,
      at: new Date(atMs).toISOString(),
    }
    const { sequence, previous } = statement
    const payload = { ...signStatement(statement, owner), constitution, sequence, previous, articles: 1 }
    laws.push({ files, index: records.length })
    return add({ kind: 'constitution.activated', payload, later: 0 })
  }

  function erase(indexes: readonly number[], by: string, key: Signer): EntryRecord {
    const statement = erasureOf(indexes, signer.verifier.name, by, new Date(atMs).toISOString())
    const entry = add({
      kind: 'erasure.requested',
      actor: by,
      payload: { ...signStatement(statement, key), count: indexes.length },
    })
    for (const index of indexes) records[index] = { header: at(records, index).header, erasedBy: entry.header.index }
    return entry
  }

  function partsOf(run: string, witnesses: ReadonlyArray<{ witness: Witness; atSeconds: number }> = []): EvidenceParts {
    const { checkpoint, proven } = prove(records, signer, witnesses)
    const entries = proven.filter(({ entry }) => entry.header.run === run)
    const last = entries.at(-1)?.entry.header.index ?? 0
    const erasedBy = new Set(entries.map(({ entry }) => entry.erasedBy).filter((index) => index !== undefined))
    const registered = manifests.map(({ manifest, index }) => ({ registered: at(proven, index), manifest }))
    return {
      run: {
        runId: run,
        journal: { key: signer.verifier.text, chain: [] },
        entries,
        erasures: [...erasedBy].map((index) => at(proven, index)),
      },
      checkpoint,
      constitutions: [...new Set(laws.filter(({ index }) => index < last).map(({ files }) => files))].map((files) => ({
        constitution: digestOfLaw(files),
        files,
        activations: laws
          .filter((law) => law.files === files && law.index < last)
          .map(({ index }) => at(proven, index)),
      })),
      parties: {
        principals: principals.map((index) => at(proven, index)),
        skills: registered.filter(({ manifest }) => 'skillId' in manifest) as never,
        agents: registered.filter(({ manifest }) => 'agentId' in manifest) as never,
      },
    }
  }

  return {
    signer,
    owner,
    records,
    add,
    activate,
    erase,
    partsOf,
    person(id) {
      const key = newSigner(`azora/${id}`)
      principals.push(records.length)
      add({
        kind: 'principal.added',
        payload: { principal: id, roles: ['reviewer'], keys: [key.verifier.text] },
        later: 0,
      })
      return key
    },
    register(manifest) {
      manifests.push({ manifest, index: records.length })
      const manifestDigest = digestOf(manifest)
      const { version } = manifest
      return 'skillId' in manifest
        ? add({ kind: 'skill.registered', payload: { skillId: manifest.skillId, version, manifestDigest }, later: 0 })
        : add({ kind: 'agent.registered', payload: { agentId: manifest.agentId, version, manifestDigest }, later: 0 })
    },
    bundleOf: (run, change = (parts) => parts) => fileOf(change(partsOf(run)), signer),
  }
}

/** What a person signs to have the payloads of neighbouring entries erased. */
function erasureOf(indexes: readonly number[], shard: string, by: string, at: string) {
  const entries = [[Math.min(...indexes), Math.max(...indexes)]]
  return {
    type: 'azora.erasure.v1',
    erasureId: '0e000000-0000-4000-8000-000000000001',
    shard,
    selection: { by: 'entries', entries },
    entries,
    digest: 'd'.repeat(64),
    rule: 'GDPR Art. 17',
    reason: 'the person asked for it',
    by,
    at,
  }
}

/** The bytes of a bundle. */
export const fileOf = (parts: EvidenceParts, signer: Signer): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(
    makeEvidence(parts, (statement) => signEvidence(statement, signer))
      .map((line) => `${line}\n`)
      .join(''),
  )

const at = <T>(items: readonly T[], index: number): T => items[index] as T

/** Proves every entry under a checkpoint over all of them. */
function prove(
  records: readonly EntryRecord[],
  signer: Signer,
  witnesses: ReadonlyArray<{ witness: Witness; atSeconds: number }> = [],
): { checkpoint: string; proven: ProvenEntry[] } {
  const nodes = new Map<string, Hash>()
  const leaves = records.map(({ header }) => leafOf(header))
  const tree = extend(EMPTY_FRONTIER, leaves, (level, index, hash) => nodes.set(`${level}:${index}`, hash))
  const nodeAt = (level: number, index: number): Hash => nodes.get(`${level}:${index}`) as Hash
  const note = signCheckpoint({ origin: signer.verifier.name, size: tree.size, root: rootOf(tree) }, signer)
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1)
  const cosignatures = witnesses.map(({ witness, atSeconds }) => witness.cosign(text, atSeconds))
  return {
    checkpoint: note + cosignatures.join(''),
    proven: records.map((entry, index) => ({
      entry,
      inclusion: {
        index,
        path: inclusionPath(index, tree.size, nodeAt).map((hash) => Buffer.from(hash).toString('base64')),
      },
    })),
  }
}
