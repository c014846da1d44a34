import { AzoraError, type Clock, silentLog, systemClock } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { Evidence } from '@azora/bundles'
import type {
  ActionView,
  AgentManifest,
  Budget,
  Dependency,
  Entry,
  JsonObject,
  Plan,
  ReplayReport,
  ReplayRequest,
  RunDetail,
  RunState,
  Scope,
  SkillManifest,
} from '@azora/contracts'
import { RUN_START_SKILL } from '@azora/contracts'
import type { Journal, PayloadEncryption, TenantRuns } from '@azora/journal'
import {
  type AgentHost,
  type Caller,
  createOrchestrator,
  createReplayer,
  type Gate,
  type Orchestrator,
  type Performer,
  type ReplayAgents,
  type Replayer,
} from '@azora/orchestrator'
import type { Signer } from '@azora/proof'
import { createRegistry, type Registry } from '@azora/skills'
import { activateOnRecord, CONSTITUTION, evidenceIn } from './evidence.ts'
import { openJournal } from './journal.ts'
import { AGENTS, GATE, OWN_AGENTS } from './scripted.ts'
import { SCRIPTED, SKILLS, type World } from './world.ts'

export const OWNER: Caller = { id: 'user:owner', tenant: 'default' }

/** The control plane's rooms without HTTP, on a database that may hold an earlier server's work. */
export interface Server {
  journal: Journal
  registry: Registry
  evidence: Evidence
  orchestrator: Orchestrator
  /** Its agents answer as those in service do. */
  replayer: Replayer
  /** Replays a history that need not be the journal's. */
  replayEntries(entries: readonly Entry[], request?: ReplayRequest): Promise<ReplayReport>
  /** Starts a run of the scripted agent. */
  run(plans: Array<Plan['steps'] | object[]>, change?: RunChange): Promise<string>
  /** Resolves with the run when it is in the state. */
  reaches(runId: string, state: RunState): Promise<RunDetail>
  /** Resolves when the test says so of the run. */
  until(runId: string, test: (run: RunDetail) => boolean): Promise<RunDetail>
  /** Ends it without a word: nothing that it waits for is ever answered. Its `journal` still works, for the test. */
  crash(): void
  stop(): Promise<void>
}

export interface RunChange {
  input?: JsonObject
  agentVersion?: string
  scope?: Scope
  budget?: Budget
  deadline?: string
  startAt?: string
  after?: Dependency[]
  priority?: number
}

export interface ServerOptions {
  db: Db
  world: World
  signer: Signer
  gate?: Gate
  clock?: Clock
  /** Called with the number of entries so far, while they are committed. */
  onEntries?: (size: number) => void
  /** Called with each run whose entries the orchestrator reads. */
  onRead?: (run: string) => void
  /** Of the program. */
  version?: string
  /** Resolves when a node has room. */
  ready?: (signal: AbortSignal) => Promise<void>
  /** What the world's node says that it has. */
  isolation?: () => string
  /** Real nodes, in place of the world. */
  performer?: Performer
  /** What they perform, beside the world's skills. */
  skills?: SkillManifest[]
  concurrency?: number
  /** Other agents than the scripted one, and where their code runs. */
  agents?: { manifests: AgentManifest[]; host: AgentHost; own: ReplayAgents }
  /** Whether owners of runs may start runs of an agent; all may if absent. */
  mayStart?: Parameters<typeof createOrchestrator>[0]['mayStart']
  /** Keeps payloads encrypted in the database. */
  encryption?: PayloadEncryption | undefined
}

const performerOf = (
  world: World,
  ready: (signal: AbortSignal) => Promise<void>,
  isolation: () => string,
): Performer => ({
  isolation: () => (isolation() === 'none' ? 'none' : undefined),
  async reserve(_need, signal) {
    await ready(signal)
    return { audience: 'test/instance-1', isolation: isolation(), perform: world.perform, release: () => {} }
  },
})

const LIMIT_MS = 30_000
const POLL_MS = 10
const never = (): Promise<never> => new Promise(() => {})

export async function startServer({
  db,
  world,
  signer,
  gate = GATE,
  clock = systemClock,
  onEntries,
  onRead,
  version = 'test',
  ready = async () => {},
  isolation = () => 'test',
  performer = performerOf(world, ready, isolation),
  skills = [],
  concurrency = 8,
  agents = { manifests: [SCRIPTED], host: AGENTS, own: OWN_AGENTS },
  mayStart,
  encryption,
}: ServerOptions): Promise<Server> {
  let crashed = false
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (crashed) return never()
    const result = await work()
    return crashed ? never() : result
  }
  const journal = await openJournal(db, { signer, clock, ...(encryption && { encryption }) })
  if (onEntries) journal.subscribe(() => onEntries(journal.status().size))
  await activateOnRecord(journal)
  const registry = await createRegistry({ db, journal, log: silentLog })
  await registry.register({ skills: [...SKILLS, RUN_START_SKILL, ...skills], agents: agents.manifests })
  const orchestrator = await createOrchestrator({
    db,
    version,
    journal: {
      ...journal,
      append: (draft) => alive(() => journal.append(draft)),
      readRun(run) {
        onRead?.(run)
        return journal.readRun(run)
      },
    },
    registry,
    gate,
    performer: {
      isolation: (shard) => performer.isolation(shard),
      reserve: (need, signal) =>
        alive(async () => {
          const slot = await performer.reserve(need, signal)
          return slot && { ...slot, perform: (request, toPerform) => alive(() => slot.perform(request, toPerform)) }
        }),
    },
    agents: {
      recognize: (agent, request) => alive(() => agents.host.recognize(agent, request)),
      reason: (agent, request) => alive(() => agents.host.reason(agent, request)),
    },
    secretTermsOf: () => undefined,
    clock,
    log: silentLog,
    concurrency,
    ...(mayStart && { mayStart }),
  })
  const replayerOf = (runs: TenantRuns): Replayer =>
    createReplayer({
      journal: runs,
      registry,
      laws: {
        byDigest: async (digest) => (digest === CONSTITUTION || digest === gate.digest ? gate : undefined),
        draft: async () => ({ digest: CONSTITUTION, gate }),
        inForceAt: async () => gate.digest,
      },
      agents: agents.own,
      list: (caller, query) => orchestrator.list(caller, query),
      log: silentLog,
    })
  const replayer = replayerOf(journal)
  const until: Server['until'] = async (runId, test) => {
    const limit = Date.now() + LIMIT_MS
    for (;;) {
      const run = await orchestrator.show(OWNER, runId)
      if (test(run)) return run
      if (Date.now() > limit) throw new AzoraError('bug', 'test_limit', `run ${runId} stays ${describe(run)}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
  return {
    journal,
    registry,
    evidence: evidenceIn({ journal, registry }),
    orchestrator,
    replayer,
    replayEntries: (entries, request) =>
      replayerOf({ within: () => ({ readRun: async () => [...entries] }) }).replay(
        OWNER,
        entries[0]?.header.run ?? '',
        request,
      ),
    async run(plans, { input, ...change } = {}) {
      const accepted = await orchestrator.create(OWNER, {
        agentId: SCRIPTED.agentId,
        input: { plans: plans.map((steps) => ({ steps })) as never, ...input },
        scope: { read: [], write: [], hosts: [] },
        priority: 5,
        budget: { actions: 50, turns: 10 },
        ...change,
      })
      return accepted.runId
    },
    reaches: (runId, state) => until(runId, (run) => run.state === state),
    until,
    crash() {
      crashed = true
    },
    async stop() {
      const stopped = orchestrator.stop()
      // What was in flight at a crash never ends.
      if (!crashed) await stopped
      await journal.close()
    },
  }
}

const describe = ({ state, error, actions }: RunDetail): string =>
  `${state} ${error ? JSON.stringify(error) : ''} ${actions.map((action) => `${action.stepId}:${action.state}`).join(' ')}`

export const statesOf = (run: RunDetail): Record<string, ActionView['state']> =>
  Object.fromEntries(run.actions.map((action) => [action.stepId, action.state]))
