import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AzoraError, type Log } from '@azora/base'
import type { FromAgent, Json, JsonObject, Observation } from '@azora/contracts'
import type { Isolation } from '../isolation/port.ts'
import { type AgentProcess, startAgentProcess } from './process.ts'

interface AgentIdentity {
  agentId: string
  version: string
  /** Path below the catalog. */
  entrypoint: string
  tenant: string
}

/** Runs agents' code: one isolated process for each tenant, agent and version, shared by its runs. */
export interface AgentHost {
  recognize(agent: AgentIdentity, request: { runId: string; input: JsonObject }): Promise<Json>
  reason(
    agent: AgentIdentity,
    request: { runId: string; input: JsonObject; pattern: Json; turn: number; observations: Observation[] },
  ): Promise<Extract<FromAgent, { type: 'plan' | 'done' }>>
  close(): Promise<void>
}

const PROCESSES_MAX = 16
const ANSWER_MS_MAX = 60_000
const IDLE_MS_MAX = 60_000

export interface AgentHostDeps {
  isolation: Isolation
  projectRoot: string
  log: Log
  /** Entry points lie below this folder instead of the catalogue; its agents see it. */
  folder?: string
}

export function createAgentHost({ isolation, projectRoot, log, folder }: AgentHostDeps): AgentHost {
  const root = realpathSync(projectRoot)
  const runner = join(root, 'packages/sdk/runner/agent.ts')
  /** In the order of their last use. */
  const processes = new Map<string, { process: AgentProcess; idle: NodeJS.Timeout }>()

  function processOf({ tenant, agentId, version, entrypoint }: AgentIdentity): AgentProcess {
    const name = `${tenant}/${agentId}@${version}`
    const known = processes.get(name)
    processes.delete(name)
    if (known) clearTimeout(known.idle)
    const process_ = known?.process.alive() ? known.process : start(`${agentId}@${version}`, entrypoint)
    processes.set(name, { process: process_, idle: setTimeout(() => retire(name), IDLE_MS_MAX).unref() })
    return process_
  }

  function start(name: string, entrypoint: string): AgentProcess {
    for (const [oldest, { process: running }] of processes) {
      if (processes.size < PROCESSES_MAX) break
      if (running.busy() === 0) retire(oldest)
    }
    if (processes.size >= PROCESSES_MAX) throw tooMany()
    const argv: [string, ...string[]] = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      runner,
      join(folder ?? join(root, 'catalog'), entrypoint),
    ]
    const read = folder === undefined ? [] : [folder]
    return startAgentProcess({ isolation, log, answerMsMax: ANSWER_MS_MAX }, name, argv, read)
  }

  function retire(name: string): void {
    const known = processes.get(name)
    if (!known) return
    if (known.process.busy() > 0) {
      known.idle = setTimeout(() => retire(name), IDLE_MS_MAX).unref()
      return
    }
    clearTimeout(known.idle)
    processes.delete(name)
    known.process.end()
  }

  return {
    async recognize(agent, request) {
      const answer = await processOf(agent).ask({ type: 'recognize', id: randomUUID(), ...request })
      if (answer.type === 'recognized') return answer.pattern
      throw unexpected(agent, answer.type, 'recognize')
    },
    async reason(agent, request) {
      const answer = await processOf(agent).ask({ type: 'reason', id: randomUUID(), ...request })
      if (answer.type !== 'recognized') return answer
      throw unexpected(agent, answer.type, 'reason')
    },
    async close() {
      for (const { process: running, idle } of processes.values()) {
        clearTimeout(idle)
        running.end()
      }
      processes.clear()
    },
  }
}

const tooMany = (): AzoraError =>
  new AzoraError('retry', 'overloaded', `${PROCESSES_MAX} agents are thinking, more than that may not`, {
    remedy: 'Wait until one of them has answered.',
    retryAfterMs: 1_000,
  })

const unexpected = ({ agentId, version }: AgentIdentity, answer: string, question: string): AzoraError =>
  new AzoraError('fix', 'agent_protocol', `agent ${agentId}@${version} answered ${answer} to ${question}`)
