import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { Host } from './attempt.ts'

/** A host with something to find: files, processes, services, memory. */
export interface PlantedHost {
  facts: Host
  workspace: string
  /** In which all of it lies. */
  folder: string
  close(): Promise<void>
}

/** Not below /tmp, which every sandbox has one of its own of. */
const PARENT = '/var/tmp'

export async function plantHost(projectRoot: string): Promise<PlantedHost> {
  const folder = await realpath(await mkdtemp(join(PARENT, 'azora-escape-')))
  const at = (name: string): string => join(folder, name)
  for (const name of ['read', 'write', 'data/keys', 'data/workspaces/this-run', 'data/workspaces/other-run']) {
    await mkdir(at(name), { recursive: true })
  }
  const secrets = ['secret', 'read/present', 'data/keys/node.token', 'data/workspaces/other-run/secret']
  for (const name of secrets) await writeFile(at(name), 'a secret of the host')
  const shared = `/dev/shm/azora-escape-${process.pid}`
  await writeFile(shared, 'a secret in memory')
  const key = 0x10000000 + process.pid
  execFileSync('perl', ['-e', `defined(shmget(${key}, 4096, 01600)) or die $!`])
  const sleeper = spawn('sleep', ['86398.75'], { env: { PLANTED_SECRET: 'yes' } })
  const abstract = `azora-escape-${process.pid}`
  const local = await listen(0)
  const servers = [local, await listen(at('socket')), await listen(`\0${abstract}`)]
  return {
    folder,
    workspace: at('data/workspaces/this-run'),
    facts: {
      SECRET: at('secret'),
      READ: at('read'),
      WRITE: at('write'),
      DATA: at('data'),
      PROJECT: projectRoot,
      PID: String(sleeper.pid),
      PORT: String((local.address() as AddressInfo).port),
      SOCKET: at('socket'),
      ABSTRACT: abstract,
      SHM: String(key),
      DEV_SHM: shared,
    },
    async close() {
      for (const server of servers) server.close()
      sleeper.kill('SIGKILL')
      execFileSync('ipcrm', ['-M', String(key)])
      await rm(shared, { force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function listen(where: number | string): Promise<Server> {
  const server = createServer((socket) => socket.end()).unref()
  if (typeof where === 'number') server.listen(where, '127.0.0.1')
  else server.listen(where)
  await once(server, 'listening')
  return server
}
