import { type Entry, isErased, isTerminal, type Outcome } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { StepFold } from '../fold/step-fold.ts'

/** Stands for the node where the orchestrator itself acts. */
export const ORCHESTRATOR = 'orchestrator'

/** What a step's child comes to, by the child's own record, which is empty for one that was never started. */
export function outcomeOfChild({ child, startedMs = 0 }: StepFold, entries: readonly Entry[]): Outcome {
  const common = { log: '', node: ORCHESTRATOR, isolation: 'run', durationMs: durationOf(entries, startedMs) }
  const run = child?.run ?? ''
  if (child?.state === 'cancelled')
    return { ...common, state: 'cancelled', error: { code: 'cancelled', message: `run ${run} was cancelled` } }
  if (child?.state !== 'success') return { ...common, state: 'failed', error: child?.error ?? failureIn(entries, run) }
  const output = outputsIn(entries)
  if (output === undefined)
    return { ...common, state: 'failed', error: { code: 'run_erased', message: `what run ${run} said was erased` } }
  return { ...common, state: 'succeeded', output, outputDigest: digestOf(output) }
}

function durationOf(entries: readonly Entry[], startedMs: number): number {
  const end = entries.find(({ header }) => header.transition && isTerminal(header.transition.to))
  return end ? Math.max(0, Date.parse(end.header.at) - startedMs) : 0
}

function failureIn(entries: readonly Entry[], run: string): NonNullable<Outcome['error']> {
  const failed = entries.find(({ header }) => header.kind === 'run.failed')
  if (failed && !isErased(failed) && 'error' in failed.payload && failed.header.kind === 'run.failed')
    return (failed as Entry<'run.failed'>).payload.error
  return { code: 'failed', message: `run ${run} failed` }
}

function outputsIn(entries: readonly Entry[]): Outcome['output'] {
  const validated = entries.find(({ header }) => header.kind === 'run.validated')
  return validated && !isErased(validated) ? (validated as Entry<'run.validated'>).payload.outputs : undefined
}
