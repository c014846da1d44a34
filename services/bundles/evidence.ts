import { AzoraError } from '@azora/base'
import type { Constitution } from '@azora/constitution'
import {
  type ConstitutionFiles,
  type Entry,
  EVIDENCE_LIMITS,
  type JsonObject,
  type ProvenEntry,
} from '@azora/contracts'
import { type EvidenceParts, makeEvidence, signEvidence } from '@azora/evidence'
import type { Journal } from '@azora/journal'
import { lawFilesOf } from '@azora/law'
import type { Registry } from '@azora/skills'
import { erasuresOf } from './erasures.ts'
import { activationsDuring } from './laws.ts'
import { needsOf } from './needs.ts'
import { principalsIn } from './principals.ts'
import { type Registration, registrationsOf } from './registrations.ts'

export interface Evidence {
  /**
   * The lines of the bundle of a tenant's run (in-toto, DSSE in JSON Lines), without their line breaks. Throws
   * `run_not_found`, `evidence_incomplete`, `evidence_too_large`.
   */
  bundle(tenant: string, runId: string): Promise<string[]>
}

export interface EvidenceDeps {
  journal: Pick<Journal, 'within' | 'scan' | 'prove' | 'attest' | 'status' | 'keyChain'>
  constitution: Pick<Constitution, 'files'>
  registry: Pick<Registry, 'manifest'>
}

/** A third of what a file may hold: base64 and proofs come on top. */
const PAYLOAD_BYTES_MAX = Math.floor(EVIDENCE_LIMITS.bytes / 3)

export function createEvidence(deps: EvidenceDeps): Evidence {
  const { journal } = deps
  return {
    async bundle(tenant, runId) {
      const entries = await journal.within(tenant).readRun(runId)
      if (entries.length === 0) throw new AzoraError('missing', 'run_not_found', `there is no run ${runId}`)
      if (entries.length >= EVIDENCE_LIMITS.entries) throw tooLarge(`it has ${entries.length} entries or more`)
      const collected = await collect(deps, tenant, entries)
      const { checkpoint, provenAt } = await prove(journal, indexesOf(entries, collected))
      const parts: EvidenceParts = {
        run: {
          runId,
          journal: { key: journal.status().key, chain: journal.keyChain() },
          entries: entries.map(({ header }) => provenAt(header.index)),
          erasures: collected.erasures.map(provenAt),
        },
        checkpoint,
        constitutions: collected.laws.map(({ constitution, files, activations }) => ({
          constitution,
          files: lawFilesOf(files),
          activations: activations.map(provenAt),
        })),
        parties: {
          principals: collected.principals.map(provenAt),
          skills: collected.skills.map((found) => registered(found, provenAt)),
          agents: collected.agents.map((found) => registered(found, provenAt)),
        },
      }
      return journal.attest((signer) => makeEvidence(parts, (statement) => signEvidence(statement, signer)))
    },
  }
}

interface Law {
  constitution: string
  files: ConstitutionFiles
  /** Indexes of the entries that put it in force. */
  activations: number[]
}

interface Collected {
  laws: Law[]
  erasures: number[]
  principals: number[]
  skills: Registration[]
  agents: Registration[]
}

async function collect(
  { journal, constitution, registry }: EvidenceDeps,
  tenant: string,
  entries: readonly Entry[],
): Promise<Collected> {
  const needs = needsOf(entries)
  const { erasures, people } = await erasuresOf(journal, needs.erasedBy)
  const laws: Law[] = []
  for (const [digest, activations] of await activationsDuring(journal, entries)) {
    const files = await constitution.files(digest)
    laws.push({ constitution: digest, files, activations })
  }
  return {
    laws,
    erasures,
    principals: await principalsIn(journal, tenant, new Set([...needs.people, ...people])),
    skills: await registrationsOf({ journal, registry }, 'skill', needs.skills),
    agents: await registrationsOf({ journal, registry }, 'agent', needs.agents),
  }
}

function indexesOf(entries: readonly Entry[], { laws, erasures, principals, skills, agents }: Collected): number[] {
  const all = [
    ...entries.map(({ header }) => header.index),
    ...laws.flatMap(({ activations }) => activations),
    ...erasures,
    ...principals,
    ...[...skills, ...agents].map(({ index }) => index),
  ]
  return [...new Set(all)].sort((a, b) => a - b)
}

async function prove(journal: EvidenceDeps['journal'], indexes: readonly number[]) {
  const { checkpoint, entries } = await journal.prove(indexes, PAYLOAD_BYTES_MAX)
  const byIndex = new Map(entries.map((proven) => [proven.entry.header.index, proven]))
  const provenAt = (index: number): ProvenEntry => {
    const proven = byIndex.get(index)
    if (proven) return proven
    throw new AzoraError('bug', 'proof_missing', `entry ${index} was not proved`)
  }
  return { checkpoint, provenAt }
}

const registered = (
  { index, manifest }: Registration,
  provenAt: (index: number) => ProvenEntry,
): { registered: ProvenEntry; manifest: JsonObject } => ({ registered: provenAt(index), manifest })

const tooLarge = (why: string): AzoraError =>
  new AzoraError('fix', 'evidence_too_large', `the run is too large for a bundle: ${why}`, {
    remedy: 'Read its entries in pages: GET /api/v1/runs/{runId}/entries.',
  })
