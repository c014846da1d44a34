import { join } from 'node:path'
import type { EntryRecord } from '@azora/contracts'
import { verifyEvidence } from '@azora/evidence'
import { type Client, createClient, journalKey, localServer, ownerToken } from '@azora/sdk/client'
import { expect } from 'vitest'
import { until } from './cli.ts'
import * as repositories from './repositories.ts'

/** A run that ends with one commit on one branch of a repository: an effect that can be counted. */
export interface Stewarded {
  runId: string
  repository: string
}

/**
 * @param dataDir as this process sees it
 * @param attempts how often a request is tried; as a client does by itself unless said
 */
export async function clientOf(dataDir: string, attempts?: number): Promise<Client> {
  const [server, token] = await Promise.all([localServer(dataDir), ownerToken(dataDir)])
  if (!server || !token) throw new Error('no server')
  return createClient({ url: server.url, token, ...(attempts !== undefined && { attempts }) })
}

export async function startStewarded(
  client: Client,
  folder: string,
  name: string,
  idempotencyKey?: string,
): Promise<Stewarded> {
  const repository = repositories.javascript(join(folder, name))
  return { repository, ...(await client.manage(requestFor(repository), idempotencyKey ? { idempotencyKey } : {})) }
}

export const requestFor = (repository: string) => ({
  operation: 'create' as const,
  agentId: 'repo-steward',
  input: { repository },
  scope: { read: [], write: [repository], hosts: [] },
})

/** Resolves when the entry is on record; that of any step when none is named. */
export async function untilEntry(client: Client, runId: string, kind: string, step?: string): Promise<void> {
  for await (const entry of client.events(runId)) if (isOf(entry, kind, step)) return
  throw new Error(`the run never came to ${kind} ${step ?? ''}`)
}

function isOf({ header, payload }: EntryRecord, kind: string, step: string | undefined): boolean {
  if (header.kind !== kind) return false
  const said = payload as { stepId?: string; action?: { stepId?: string } } | undefined
  return step === undefined || (said?.stepId ?? said?.action?.stepId) === step
}

/** The run has ended well, its effect came once, and its evidence convinces a third party. */
export async function expectWhole(client: Client, dataDir: string, { runId, repository }: Stewarded): Promise<void> {
  let state = ''
  await until(
    async () => {
      state = await client.run(runId).then(
        (run) => run.state,
        () => 'unreachable',
      )
      return ['success', 'fail', 'cancelled', 'awaiting_review'].includes(state)
    },
    60_000,
    `run ${runId} to end`,
  )
  expect(state).toBe('success')
  expect(repositories.branches(repository)).toEqual([`azora/${runId}`])
  expect(repositories.commitsOn(repository, `azora/${runId}`)).toBe(1)
  const report = verifyEvidence(await client.evidence(runId), { trustedKey: await journalKey(dataDir) })
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
}
