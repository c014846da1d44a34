import type { AddressInfo } from 'node:net'
import { silentLog } from '@azora/base'
import { createDispatcher, createIsolation, type Dispatcher, describeCatalog } from '@azora/execution'
import { WebSocketServer } from 'ws'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { openPostgres } from './database.ts'
import { newSigner } from './journal.ts'
import { type NodeSpec, startNode } from './node-in-process.ts'
import { createProject } from './project.ts'
import { type Server, startServer } from './server.ts'
import { tempDir } from './temp-dir.ts'
import { createWorld } from './world.ts'

/** A server with a node that performs skills of a test's own. */
export interface SkillServer {
  server: Server
  close(): Promise<void>
}

type Artifacts = Pick<NodeSpec, 'keep' | 'fetch'>

/**
 * @param name of the test, for its folders
 * @param files of the catalog, by their paths
 * @param openArtifacts begins what the node keeps artifacts at and fetches them from
 */
export async function startSkillServer(
  name: string,
  files: Record<string, string>,
  openArtifacts: (server: Server, dispatcher: Dispatcher) => Promise<Artifacts> = async () => ({}),
): Promise<SkillServer> {
  const folder = tempDir(name)
  const project = createProject(`${name}-project`, files)
  const isolation = await createIsolation({ projectRoot: project.root })
  const { skills, errors } = await describeCatalog({ isolation, projectRoot: project.root })
  if (errors.length > 0) throw new Error(`the catalog of ${name} has errors: ${JSON.stringify(errors)}`)
  const postgres = await openPostgres()
  const database = await postgres.createDatabase()
  const signer = newSigner()
  const dispatcher = createDispatcher({
    log: silentLog,
    recordRefusal: (refusal) => recordRefusalIn(server.journal)(refusal),
  })
  const plane = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  plane.on('connection', (socket) => dispatcher.attach(socket, 'node:test'))
  const db = database.connect()
  const server = await startServer({ db, world: createWorld(), signer, performer: dispatcher, skills })
  const stopNode = startNode({
    ...(await openArtifacts(server, dispatcher)),
    url: `ws://127.0.0.1:${(plane.address() as AddressInfo).port}`,
    token: 'none',
    journalKey: signer.verifier.text,
    dataDir: folder.path,
    projectRoot: project.root,
    isolation,
  })
  return {
    server,
    async close() {
      await stopNode()
      await server.stop()
      await dispatcher.close()
      plane.close()
      await database.close()
      await postgres.stop()
      project.remove()
      folder.remove()
    },
  }
}
