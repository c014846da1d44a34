import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError, createLog, systemClock } from '@azora/base'
import {
  type ClientCertificate,
  chooseIsolation,
  createNode,
  fetchCodeFrom,
  fetchFromControlPlane,
  keepAtControlPlane,
} from '@azora/execution'
import type { Options } from '../options.ts'
import { PROJECT_ROOT } from '../project-root.ts'
import { readTlsMaterial, type TlsFiles } from '../tls/material.ts'
import { VERSION } from '../version.ts'

/** Runs an execution node until the signal fires. */
export async function runExecutionNode(options: Options, signal: AbortSignal): Promise<void> {
  const log = createLog('node', options.logLevel)
  const { url, nodeName, shard, capacity, drainMs, dataDir } = options
  if (!url) throw missing('--url', 'the control plane to dial, such as ws://127.0.0.1:7420/api/v1/nodes/connect')
  const token = await readRequired('--token-file', options.tokenFile ?? join(dataDir, 'keys', 'node.token'))
  const journalKey = await readRequired(
    '--journal-key-file',
    options.journalKeyFile ?? join(dataDir, 'keys', 'journal.vkey'),
  )
  const certificate = options.tls && (await certificateIn(options.tls))
  const isolation = await chooseIsolation(options.isolation, PROJECT_ROOT)
  if (isolation.describe() === 'none') log.error('WITHOUT ISOLATION: skills run with all rights of this process')
  // Code that comes from elsewhere is run behind walls only.
  const mayFetch = !options.ownCode && isolation.describe() !== 'none'
  const node = createNode({
    url,
    token,
    journalKey,
    name: nodeName,
    instance: randomUUID(),
    shard,
    capacity,
    drainMs,
    version: VERSION,
    dataDir,
    certificate,
    keep: keepAtControlPlane(url, token, certificate),
    fetch: fetchFromControlPlane(url, token, certificate),
    fetchCode: mayFetch ? fetchCodeFrom(url, token, certificate, log) : undefined,
    projectRoot: PROJECT_ROOT,
    isolation,
    clock: systemClock,
    log,
  })
  await node.run(signal)
}

async function certificateIn(files: TlsFiles): Promise<ClientCertificate> {
  const { cert, key } = await readTlsMaterial(files, Date.now())
  return { cert, key }
}

async function readRequired(flag: string, file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (thrown) {
    throw new AzoraError('fix', 'file_unreadable', `${file} can't be read`, {
      remedy: `Name the file with ${flag}.`,
      cause: thrown,
    })
  }
}

const missing = (flag: string, what: string): AzoraError =>
  new AzoraError('fix', 'usage', `${flag} is missing: ${what}`, { remedy: 'See ./azora node --help.' })
