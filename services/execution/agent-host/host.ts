import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AzoraError, type Log } from '@azora/base'
import type { FromAgent, Json, JsonObject, Observation } from '@azora/contracts'
import type { FindCode, FoundCode } from '../code/find.ts'
import type { Isolation } from '../isolation/port.ts'
import { type AgentProcess, startAgentProcess } from './process.ts'

interface AgentIdentity {
  agentId: string
  version: string
  /** Path below the catalog. */
  entrypoint: string
  /** Digest of its code. */
  codeDigest: string
  tenant: string
}

/**
 * Runs agents' code: one isolated process for each tenant, agent and version, shared by its runs. Questions throw
 * `agent_code_gone` where the code of the digest is not here.
 */
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
  findCode: FindCode
  /** Entry points lie below this folder instead, whatever the digest says; its agents see it. */
  folder?: string
}

export function createAgentHost({ isolation, projectRoot, log, findCode, folder }: AgentHostDeps): AgentHost {
  const root = realpathSync(projectRoot)
  const runner = join(root, 'packages/sdk/runner/agent.ts')
  /** In the order of their last use. */
  const processes = new Map<string, { process: AgentProcess; idle: NodeJS.Timeout }>()
  let closed = false

  async function processOf(agent: AgentIdentity, runId: string): Promise<AgentProcess> {
    const { tenant, agentId, version } = agent
    const name = `${tenant}/${agentId}@${version}`
    const code = processes.get(name)?.process.alive() ? undefined : await codeOf(agent, runId)
    if (closed) throw isClosed()
    // Another question may have started it meanwhile, or it died.
    const known = processes.get(name)
    if (!known?.process.alive() && !code) return processOf(agent, runId)
    processes.delete(name)
    if (known) clearTimeout(known.idle)
    const process_ = known?.process.alive() ? known.process : start(`${agentId}@${version}`, code as FoundCode)
    processes.set(name, { process: process_, idle: setTimeout(() => retire(name), IDLE_MS_MAX).unref() })
    return process_
  }

  async function codeOf(
    { agentId, version, entrypoint, codeDigest }: AgentIdentity,
    runId: string,
  ): Promise<FoundCode> {
    if (folder !== undefined) return { path: join(folder, entrypoint), folder }
    const found = await findCode(entrypoint, codeDigest, { runId, signal: NEVER })
    if ('path' in found) return found
    throw codeGone(`${agentId}@${version}`, found.refusal.message)
  }

  function start(name: string, { path, folder: codeFolder }: FoundCode): AgentProcess {
    for (const [oldest, { process: running }] of processes) {
      if (processes.size < PROCESSES_MAX) break
      if (running.busy() === 0) retire(oldest)
    }
    if (processes.size >= PROCESSES_MAX) throw tooMany()
    const argv: [string, ...string[]] = [process.execPath, '--disable-warning=ExperimentalWarning', runner, path]
    return startAgentProcess({ isolation, log, answerMsMax: ANSWER_MS_MAX }, name, argv, codeFolder)
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
      const live = await processOf(agent, request.runId)
      const answer = await live.ask({ type: 'recognize', id: randomUUID(), ...request })
      if (answer.type === 'recognized') return answer.pattern
      throw unexpected(agent, answer.type, 'recognize')
    },
    async reason(agent, request) {
      const live = await processOf(agent, request.runId)
      const answer = await live.ask({ type: 'reason', id: randomUUID(), ...request })
      if (answer.type !== 'recognized') return answer
      throw unexpected(agent, answer.type, 'reason')
    },
    async close() {
      closed = true
      for (const { process: running, idle } of processes.values()) {
        clearTimeout(idle)
        running.end()
      }
      processes.clear()
    },
  }
}

const isClosed = (): AzoraError => new AzoraError('retry', 'agent_crashed', 'no agent is asked any more')

const NEVER = new AbortController().signal

const codeGone = (name: string, why: string): AzoraError =>
  new AzoraError('conflict', 'agent_code_gone', `agent ${name} can't be asked: ${why}`, {
    remedy: 'Bring its code back under the same path, and start the server again.',
  })

const tooMany = (): AzoraError =>
  new AzoraError('retry', 'overloaded', `${PROCESSES_MAX} agents are thinking, more than that may not`, {
    remedy: 'Wait until one of them has answered.',
    retryAfterMs: 1_000,
  })

const unexpected = ({ agentId, version }: AgentIdentity, answer: string, question: string): AzoraError =>
  new AzoraError('fix', 'agent_protocol', `agent ${agentId}@${version} answered ${answer} to ${question}`)
