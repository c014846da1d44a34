import { silentLog, systemClock } from '@azora/base'
import type { Action, StatedLimits } from '@azora/contracts'
import type { Isolation } from '../isolation/port.ts'
import { createNode } from '../node/node.ts'
import { INSTANCE, type TestLog } from './log.ts'
import type { TestProject } from './project.ts'
import { anAction, permitted } from './requests.ts'

/** A real node that runs in this process. */
export interface RunningNode {
  /** Ends the node as a signal to its process would. */
  stop(): Promise<void>
}

export function startNode(
  url: string,
  {
    project,
    isolation,
    log,
    capacity = 2,
    instance = INSTANCE,
    drainMs = 0,
  }: {
    project: TestProject
    isolation: Isolation
    log: TestLog
    capacity?: number
    instance?: string
    drainMs?: number
  },
): RunningNode {
  const node = createNode({
    url: `${url}/?as=node-1`,
    token: 'test',
    name: 'node-1',
    instance,
    shard: 'main',
    capacity,
    drainMs,
    version: '0.0.0',
    journalKey: log.signer.verifier.text,
    dataDir: project.dataDir,
    keep: async () => {},
    fetch: async () => false,
    projectRoot: project.root,
    isolation,
    clock: systemClock,
    log: silentLog,
  })
  const stopping = new AbortController()
  const running = node.run(stopping.signal)
  return {
    stop() {
      stopping.abort()
      return running
    },
  }
}

/** Makes permitted requests for the skill that plays. */
export const player =
  (log: TestLog, codeDigest: string) =>
  (play: string, { text = '', limits, ...changes }: { text?: string; limits?: StatedLimits } & Partial<Action> = {}) =>
    permitted(log, anAction({ codeDigest, input: { play, text }, ...changes }), { ...(limits && { limits }) })
