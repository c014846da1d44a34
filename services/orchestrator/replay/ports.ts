import type { AgentModule, ConstitutionFiles } from '@azora/contracts'
import type { Gate as LawGate } from '@azora/law'
import type { AgentHost } from '../ports.ts'

/** The laws that judged, and others. */
export interface Laws {
  /** Undefined when its files are not kept or are no law. */
  byDigest(digest: string): Promise<LawGate | undefined>
  /** Throws `law_invalid`. */
  draft(files: ConstitutionFiles): Promise<{ digest: string; gate: LawGate }>
  /** Digest of the law that was in force at a time (RFC 3339); undefined before the first. */
  inForceAt(time: string): Promise<string | undefined>
}

/** Agents' code in processes that nobody else asks. */
export interface ReplayAgents {
  /** Names the code that would be run where a digest is wanted; undefined when there is none. */
  codeDigest(entrypoint: string, wanted: string): Promise<string | undefined>
  /** @param module answers in place of every agent of the catalogue */
  open(module?: AgentModule): Promise<OwnHost>
}

export interface OwnHost extends AgentHost {
  /** Ends what it runs; questions that wait are rejected. */
  close(): Promise<void>
}
