import type { JsonObject, Limits } from '@azora/contracts'
import type { LaunchSpec } from '../isolation/port.ts'
import type { Conclusion } from '../node/result.ts'

/** A permitted action, as a driver gets it: checked code, and what its proof names. */
export interface Job {
  /** Absolute path of the skill's module. */
  entrypoint: string
  /** Digest of the code. */
  code: string
  /** Where it lies, if that is not the catalogue. */
  codeFolder?: string
  tenant: string
  /** What the code is told. */
  invocation: {
    input: JsonObject
    context: {
      runId: string
      stepId: string
      idempotencyKey: string
      workspace: string
      secrets?: Record<string, object>
    }
    /** Variables that it gets with its input, and nobody sees beside it. */
    environment?: Record<string, string>
  }
  limits: Limits
  /** What of the host it is shown. */
  shown: Pick<LaunchSpec, 'read' | 'write' | 'workspace' | 'egressSocket' | 'env'>
}

/**
 * How a skill's code is run. Contract, held by one suite for all drivers:
 * - the code has nothing but its input and what is shown; nothing of an earlier action is left for a later one;
 * - each limit of the job ends it with a conclusion that names the limit;
 * - an abort ends it promptly, and the promise resolves when nothing of it is left;
 * - whatever the code does, the promise resolves; it rejects only where nothing was run.
 */
export interface Driver {
  /** What keeps the code beside the isolation, as outcomes show it. */
  readonly name: 'process' | 'pure'
  /** @param onPrint hears what the code prints */
  perform(
    job: Job,
    signal: AbortSignal,
    onPrint: (stream: 'stdout' | 'stderr', chunk: Buffer) => void,
  ): Promise<Conclusion>
  close(): void
}
