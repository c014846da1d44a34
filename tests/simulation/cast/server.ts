import { silentLog } from '@azora/base'
import { createDispatcher, type Dispatcher } from '@azora/execution'
import { type Journal, openJournal } from '@azora/journal'
import {
  type AgentHost,
  type AgentProcess,
  createReplayer,
  createSchedules,
  type Laws,
  type Orchestrator,
  type OwnHost,
  openOrchestrator,
  type Replayer,
  type Schedules,
} from '@azora/orchestrator'
import type { Signer } from '@azora/proof'
import { recordRefusalIn } from '../../../apps/server/record-refusal.ts'
import { journalStores } from '../database/journal-store.ts'
import { createAsk, type Fate } from '../database/link.ts'
import { runStore } from '../database/run-store.ts'
import type { Tables } from '../database/tables.ts'
import { createClock, type MachineClock } from '../engine/clock.ts'
import type { Loop, Machine } from '../engine/loop.ts'
import type { Catalog } from './catalog.ts'
import { LAW } from './law.ts'
import { SCRIPT } from './script.ts'

export interface ServerDeps {
  loop: Loop
  tables: Tables
  database: Machine
  signer: Signer
  catalog: Catalog
  fateOf: (name: string) => Fate
  /** How an agent's process takes the next question. */
  agentFate: () => { ms: number; dies: boolean }
  /** Called with each question to it. */
  onAsk: (run: string, agent: AgentProcess, machine: Machine) => void
  concurrency: number
  /** Called with each time that a server reads off its clock. */
  onTime: (ms: number) => void
}

/** One life of the control plane: the real journal, dispatcher and orchestrator, without HTTP. */
export interface ServerLife {
  readonly machine: Machine
  readonly clock: MachineClock
  /** Entries that this life has been told of, or has read. */
  readonly knownSize: number
  /** When this life learned of an entry; undefined as long as it hasn't. */
  knownAtMs(index: number): number | undefined
  /** Set once it listens. */
  readonly rooms: Rooms | undefined
  /** Ends it as SIGTERM does. */
  stop(): void
}

export interface Rooms {
  journal: Journal
  orchestrator: Orchestrator
  dispatcher: Dispatcher
  schedules: Schedules
  replayer: Replayer
}

const STOP_MS_MAX = 10_000

export function startServer(deps: ServerDeps, life: number): ServerLife {
  const { loop, tables, database, catalog, signer } = deps
  const machine = loop.machine(`server#${life}`)
  const clock = createClock(loop, machine, deps.onTime)
  const ask = createAsk(loop, machine, database, deps.fateOf)
  let rooms: Rooms | undefined
  let knownSize = 0
  const known: Array<{ size: number; atMs: number }> = []
  const onKnown = (size: number): void => {
    if (size <= knownSize) return
    knownSize = size
    known.push({ size, atMs: loop.nowMs })
  }

  async function boot(): Promise<void> {
    const journal = await openJournal(
      { signer, clock, log: silentLog, onFenced: () => machine.kill() },
      journalStores(tables, ask, onKnown),
    )
    const registry = await catalog.open(journal, ask)
    const dispatcher = createDispatcher({ log: silentLog, recordRefusal: recordRefusalIn(journal) })
    const orchestrator = await openOrchestrator(
      {
        journal,
        registry,
        gate: LAW,
        performer: dispatcher,
        secretTermsOf: () => undefined,
        agents: agentsOf(deps, machine),
        clock,
        log: silentLog,
        concurrency: deps.concurrency,
      },
      runStore(tables, ask),
    )
    void catalog.sweep(registry, orchestrator)
    const runs = { runs: orchestrator, mayStart: async () => true }
    const schedules = await createSchedules({ journal, registry, clock, log: silentLog, ...runs })
    const replayer = createReplayer({
      journal,
      registry,
      laws: NO_LAWS,
      agents: {
        codeDigest: async (_, wanted) => (catalog.hasCode(wanted) ? wanted : undefined),
        open: async () => replayingAgents(loop, machine),
      },
      list: (caller, query) => orchestrator.list(caller, query),
      log: silentLog,
    })
    rooms = { journal, dispatcher, orchestrator, schedules, replayer }
  }

  loop.after(0, machine, 'boots', () => void boot().catch(() => machine.kill()))
  machine.onDeath(() => {
    rooms = undefined
  })
  return {
    machine,
    clock,
    get knownSize() {
      return knownSize
    },
    knownAtMs: (index) => known.find(({ size }) => size > index)?.atMs,
    get rooms() {
      return rooms
    },
    stop() {
      const open = rooms
      rooms = undefined
      loop.after(STOP_MS_MAX, machine, 'stops', () => machine.kill())
      loop.after(0, machine, 'stopping', () => {
        if (!open) return machine.kill()
        void (async () => {
          await open.schedules.stop()
          await open.orchestrator.stop()
          await open.dispatcher.close()
          await open.journal.close()
          machine.kill()
        })()
      })
    },
  }
}

/** The agent's process: asked again after it died, as its answers depend on its arguments alone. */
function agentsOf({ loop, agentFate, onAsk }: ServerDeps, machine: Machine): AgentHost {
  const inProcess = <T>(run: string, agent: AgentProcess, work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      onAsk(run, agent, machine)
      const { ms, dies } = agentFate()
      loop.after(dies ? 3 * ms : ms, machine, 'agent', () => void work().then(resolve, reject))
    })
  return {
    recognize: (agent, request) => inProcess(request.runId, agent, () => SCRIPT.recognize(agent, request)),
    reason: (agent, request) => inProcess(request.runId, agent, () => SCRIPT.reason(agent, request)),
  }
}

/** Processes that serve replays alone. */
function replayingAgents(loop: Loop, machine: Machine): OwnHost {
  const inProcess = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      loop.after(1, machine, 'agent of a replay', () => void work().then(resolve, reject))
    })
  return {
    recognize: (agent, request) => inProcess(() => SCRIPT.recognize(agent, request)),
    reason: (agent, request) => inProcess(() => SCRIPT.reason(agent, request)),
    close: async () => {},
  }
}

/** Who moves a run asks its agent and no law. */
const NO_LAWS: Laws = {
  byDigest: async () => undefined,
  draft: async () => {
    throw new TypeError('no law is drafted here')
  },
  inForceAt: async () => undefined,
}
