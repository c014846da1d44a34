import { realpathSync } from 'node:fs'
import { silentLog, systemClock } from '@azora/base'
import { createNode, type Isolation } from '@azora/execution'

export interface NodeSpec {
  url: string
  token: string
  journalKey: string
  dataDir: string
  projectRoot: string
  isolation: Isolation
}

/** A real execution node that runs in this process; answers how to end it. */
export function startNode(spec: NodeSpec): () => Promise<void> {
  const node = createNode({
    ...spec,
    projectRoot: realpathSync(spec.projectRoot),
    name: 'test',
    capacity: 4,
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
