/** Runs an execution node for a project of a test: `node node-process.ts <options as JSON>`, until it is killed. */
import { randomUUID } from 'node:crypto'
import { createLog, systemClock } from '@azora/base'
import { createIsolation, createNode } from '@azora/execution'

interface Options {
  url: string
  name: string
  capacity: number
  journalKey: string
  dataDir: string
  projectRoot: string
}

const options = JSON.parse(process.argv[2] ?? '{}') as Options
const node = createNode({
  ...options,
  token: 'test',
  instance: randomUUID(),
  shard: 'main',
  drainMs: 0,
  keep: async () => {},
  fetch: async () => false,
  version: '0.0.0',
  isolation: await createIsolation({ projectRoot: options.projectRoot }),
  clock: systemClock,
  log: createLog(options.name, 'fatal'),
})
await node.run(new AbortController().signal)
