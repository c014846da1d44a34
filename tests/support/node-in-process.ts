import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { silentLog, systemClock } from '@azora/base'
import { createNode, type FetchArtifact, type Isolation, type KeepArtifact } from '@azora/execution'

export interface NodeSpec {
  url: string
  token: string
  journalKey: string
  dataDir: string
  projectRoot: string
  isolation: Isolation
  /** Its token's principal is `node:NAME`. */
  name?: string
  /** Where artifacts go and come from; nowhere when absent. */
  keep?: KeepArtifact
  fetch?: FetchArtifact
}

/** A real execution node that runs in this process; answers how to end it. */
export function startNode(spec: NodeSpec): () => Promise<void> {
  const node = createNode({
    name: 'test',
    keep: async () => {},
    fetch: async () => false,
    ...spec,
    projectRoot: realpathSync(spec.projectRoot),
    instance: randomUUID(),
    shard: 'main',
    capacity: 4,
    drainMs: 0,
    version: '0.0.0',
    clock: systemClock,
    log: silentLog,
  })
  const stopping = new AbortController()
  const running = node.run(stopping.signal)
  return () => {
    stopping.abort()
    return running
  }
}
