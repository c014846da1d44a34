import { AzoraError, toAzoraError } from '@azora/base'
import type { Divergence, Entry, ReplayReport, ReplayRequest, RunAccepted } from '@azora/contracts'
import type { Draft, Journal, TenantRuns } from '@azora/journal'
import type { Registry } from '@azora/skills'
import { readRun } from '../commands/control.ts'
import type { Caller } from '../commands/schedule.ts'
import { isKind } from '../fold/about-step.ts'
import type { RunFold } from '../fold/run-fold.ts'

export interface MigrateDeps {
  journal: Pick<Journal, 'append'> & TenantRuns
  registry: Pick<Registry, 'agent' | 'checkAgentInput'>
  /** Whether something of the run is under way in this process. */
  isDriven(runId: string): boolean
}

export interface Migration {
  /** It stays with its version when absent. */
  agentVersion?: string
  /** Whether it moves to the skills that are offered now. */
  skills?: boolean
  reason?: string
}

/** Asks another version of the agent what it would have answered so far. */
export type AskAgain = (caller: Caller, runId: string, request: ReplayRequest) => Promise<ReplayReport>

/**
 * Moves a run that rests to another version of its agent, to the skills of today, or to both. Nothing changes where the agent
 * can't be moved. A crash in between leaves the skills: to ask again moves them.
 *
 * @throws AzoraError `migration_empty`, and what {@link moveAgent} throws
 */
export async function migrateRun(
  deps: MigrateDeps,
  askAgain: AskAgain,
  caller: Caller,
  runId: string,
  { agentVersion, skills, reason }: Migration,
): Promise<RunAccepted> {
  if (agentVersion === undefined && !skills)
    throw new AzoraError('fix', 'migration_empty', 'neither a version of the agent nor its skills are asked for', {
      remedy: `Say to what: azora run migrate ${runId} --agent-version VERSION, or --skills`,
    })
  const why = reason === undefined ? {} : { reason }
  const moved = agentVersion && (await moveAgent(deps, askAgain, caller, runId, { agentVersion, ...why }))
  return skills || !moved ? moveSkills(deps, caller, runId, why) : moved
}

async function moveSkills(
  deps: MigrateDeps,
  caller: Caller,
  run: string,
  payload: { reason?: string },
): Promise<RunAccepted> {
  const fold = await readRun(deps.journal, caller, run)
  assertResting(deps, fold)
  return putOnRecord(deps, caller, fold, { kind: 'run.skills_migrated', payload })
}

/**
 * Moves a run to another version of its agent, if that answers as the record says to all that happened so far. Changes nothing
 * when it throws.
 *
 * @throws AzoraError `run_not_found`, `run_without_agent`, `illegal_transition`, `run_not_paused`, `run_busy`,
 * `agent_not_found`, `invalid_input`, `history_diverges`, and what a replay throws
 */
async function moveAgent(
  deps: MigrateDeps,
  askAgain: AskAgain,
  caller: Caller,
  runId: string,
  { agentVersion, reason }: { agentVersion: string; reason?: string },
): Promise<RunAccepted> {
  const fold = await readRun(deps.journal, caller, runId)
  assertResting(deps, fold)
  const { agentId, agentVersion: from, input, plan } = fold.spec
  if (plan) throw new AzoraError('conflict', 'run_without_agent', `run ${runId} performs a plan without an agent`)
  const agent = deps.registry.agent(agentId, agentVersion)
  if (agentVersion === from) return { runId, state: fold.state }
  deps.registry.checkAgentInput(agent, input)
  await assertSame(deps, askAgain, caller, fold, agentVersion)
  const now = await readRun(deps.journal, caller, runId)
  if (now.lastIndex !== fold.lastIndex) throw busy('the run moved on meanwhile')
  assertResting(deps, now)
  const payload = { agentId, from, to: agentVersion, ...(reason !== undefined && { reason }) }
  return putOnRecord(deps, caller, now, { kind: 'run.migrated', payload })
}

async function putOnRecord(
  { journal }: Pick<MigrateDeps, 'journal'>,
  caller: Caller,
  { spec: { runId }, state, lastIndex, entries }: RunFold,
  move: Pick<Draft<'run.migrated'>, 'kind' | 'payload'> | Pick<Draft<'run.skills_migrated'>, 'kind' | 'payload'>,
): Promise<RunAccepted> {
  const draft: Draft = {
    ...move,
    tenant: caller.tenant,
    actor: caller.id,
    run: runId,
    standing: [state],
    // Where the log doesn't count the entries of a run, it is at least moved once only from one place.
    ...(entries === undefined ? { key: `migration:${runId}:${lastIndex}` } : { place: entries }),
  }
  const { duplicate } = await journal.append(draft).catch((thrown) => {
    throw toAzoraError(thrown).code === 'illegal_transition' ? busy(`run ${runId} moved on meanwhile`) : thrown
  })
  if (duplicate) throw busy(`run ${runId} is being moved already`)
  return { runId, state }
}

/** Nothing of the run may be under way: an answer of the old version would come behind the move to the new one. */
function assertResting({ isDriven }: MigrateDeps, { spec: { runId }, state, finishedAt }: RunFold): void {
  if (finishedAt) {
    const forked = `Fork it: azora run fork ${runId} --from STEP --agent-version VERSION`
    throw notPaused(runId, `has ended (${state})`, forked)
  }
  if (state !== 'paused' && state !== 'awaiting_review') throw notPaused(runId, `is ${state}`)
  if (isDriven(runId)) throw busy(`an action of run ${runId}, or an answer of its agent, is under way`)
}

async function assertSame(
  { journal }: MigrateDeps,
  askAgain: AskAgain,
  caller: Caller,
  { spec: { runId, agentId } }: RunFold,
  version: string,
): Promise<void> {
  const report = await askAgain(caller, runId, { agent: { agentId, version } })
  if (report.outcome === 'same') return
  const [divergence] = report.divergences
  const where = divergence
    ? placeOf(divergence, await journal.within(caller.tenant).readRun(runId))
    : "part of its record was erased, so it can't be compared"
  throw new AzoraError(
    'conflict',
    'history_diverges',
    `run ${runId} would differ under ${agentId}@${version}: ${where}`,
    {
      remedy: `Fork it: azora run fork ${runId} --from STEP --agent-version ${version}`,
    },
  )
}

const STEP = /^\/plan\/steps\/(\d+)/

function placeOf({ index, turn, differences }: Divergence, entries: readonly Entry[]): string {
  const entry = entries.find(({ header }) => header.index === index)
  const pointer = differences[0]?.pointer ?? ''
  const position = STEP.exec(pointer)?.[1]
  const steps = entry && isKind(entry, 'plan.proposed') ? entry.payload.plan.steps : []
  const step = position === undefined ? undefined : steps[Number(position)]
  const what = turn === undefined ? 'what it recognizes' : `its answer of turn ${turn}`
  return `${step ? `step ${step.id} in ${what}` : what} (entry ${index}${pointer && `, at ${pointer}`})`
}

const busy = (why: string): AzoraError =>
  new AzoraError('retry', 'run_busy', why, { remedy: 'Try again when it has ended.', retryAfterMs: 1_000 })

function notPaused(runId: string, what: string, remedy = `Pause it first: azora run pause ${runId}`): AzoraError {
  const message = `run ${runId} ${what}, so it can't be moved to another version`
  return new AzoraError('conflict', 'run_not_paused', message, { remedy })
}
