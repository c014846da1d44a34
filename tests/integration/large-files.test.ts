import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { silentLog, systemClock } from '@azora/base'
import {
  createUploads,
  type Dispatcher,
  fetchFromControlPlane,
  keepAtControlPlane,
  openArtifactStore,
} from '@azora/execution'
import type { Principal } from '@azora/identity'
import { createClient } from '@azora/sdk/client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { artifactRoutes } from '../../apps/server/http/routes/artifacts.ts'
import type { Server } from '../support/server.ts'
import { startSkillServer } from '../support/skill-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const FILES = `
import { stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ArtifactRef, defineSkill } from '@azora/sdk'
import { z } from 'zod'

export default defineSkill({
  skillId: 'big.file',
  version: '1.0.0',
  title: 'Files',
  description: 'Keeps a file of so many bytes, or measures one.',
  input: z.object({ bytes: z.int().optional(), link: z.string().optional(), file: ArtifactRef.optional() }),
  output: z.object({ file: ArtifactRef.optional(), bytes: z.int().optional(), writable: z.boolean().optional() }),
  effects: ['write'],
  idempotent: true,
  workspace: 'write',
  async run({ bytes, link, file }, { workspace, artifact, keep }) {
    if (file) {
      const path = artifact(file)
      const writable = await writeFile(path, 'changed').then(() => true, () => false)
      return { bytes: (await stat(path)).size, writable }
    }
    if (link) await symlink(link, join(workspace, 'big.bin'))
    else await writeFile(join(workspace, 'big.bin'), '')
    if (bytes) await truncate(join(workspace, 'big.bin'), bytes)
    return { file: await keep('big.bin') }
  },
})
`
const MIB = 1024 * 1024
const PACE = { bytesMin: 64 * 1024, withinMs: 1_000 }
const folder = tempDir('large-files')
const artifactsIn = join(folder.path, 'artifacts')
const principals: Record<string, Principal> = {
  owner: { id: 'user:owner', tenant: 'default', roles: ['owner'], keys: [] },
  stranger: { id: 'user:owner', tenant: 'beta', roles: ['owner'], keys: [] },
  node: { id: 'node:test', tenant: 'default', roles: ['node'], keys: [] },
}
let server: Server
let app: App
let url: string
let close = async (): Promise<void> => {}

beforeAll(async () => {
  ;({ server, close } = await startSkillServer('large-files', { 'skills/big.file.skill.ts': FILES }, serveArtifacts))
})
afterAll(async () => {
  await close()
  await app?.close()
  folder.remove()
})

async function serveArtifacts({ orchestrator }: Server, dispatcher: Dispatcher) {
  app = await createApp({
    receiveMs: 500,
    resolve: async (credential) => {
      const principal = credential.kind === 'bearer' ? principals[credential.token] : undefined
      if (!principal) throw new Error('nobody')
      return { principal, via: 'token' }
    },
    origin: () => url,
    log: silentLog,
  })
  const artifacts = await openArtifactStore(undefined, artifactsIn)
  const uploads = createUploads(artifacts, systemClock)
  artifactRoutes(app, { artifacts, uploads, orchestrator, dispatcher, pace: PACE })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { keep: keepAtControlPlane(url, 'node'), fetch: fetchFromControlPlane(url, 'node') }
}

const retry = { attempts: 5, firstMs: 5 }
const step = (id: string, input: object, after: string[] = []) => ({ id, skill: 'big.file', input, after, retry })
const endOf = async (steps: object[]) => {
  const runId = await server.run([steps], { input: { outputs: {} } })
  const { actions } = await server.until(runId, ({ finishedAt }) => finishedAt !== undefined)
  return { actions, entries: await server.journal.readRun(runId) }
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const put = async (who: string, digest: string, body: string) => {
  const headers = { authorization: `Bearer ${who}`, 'content-type': 'application/octet-stream' }
  const answer = await fetch(`${url}/api/v1/artifacts/${digest}`, { method: 'PUT', headers, body })
  return [answer.status, answer.ok ? '' : ((await answer.json()) as { code: string }).code]
}

it('a file of 64 MiB goes from one step to the next by its digest, and the entries stay small', async () => {
  const steps = [step('a', { bytes: 64 * MIB }), step('b', { file: { $step: 'a', $pointer: '/file' } }, ['a'])]
  const { actions, entries } = await endOf(steps)
  expect(actions.map(({ error }) => error)).toEqual([undefined, undefined])
  const kept = actions[0]?.artifacts?.find(({ name }) => name === 'big.bin')
  expect(kept?.bytes).toBe(64 * MIB)
  expect(actions[0]?.output).toEqual({ file: { $artifact: kept?.digest, name: 'big.bin', bytes: 64 * MIB } })
  expect(actions[1]?.output).toEqual({ bytes: 64 * MIB, writable: false })
  expect(Math.max(...entries.map(({ payload }) => JSON.stringify(payload).length))).toBeLessThan(32_768)
})

it('an upload is the input of a run of its own tenant, and what is not there fails at the first attempt', async () => {
  await createClient({ url, token: 'owner' }).putArtifact(sha256('mine'), new Blob(['mine']))
  expect(await put('stranger', sha256('theirs'), 'theirs')).toEqual([204, ''])
  const files = [sha256('mine'), sha256('theirs'), sha256('nowhere'), 'nonsense']
  const { actions, entries } = await endOf(files.map(($artifact, at) => step(`s${at}`, { file: { $artifact } })))
  const codes = actions.map(({ state, error }) => error?.code ?? state)
  expect(codes.slice(0, 3)).toEqual(['succeeded', 'artifact_missing', 'artifact_missing'])
  // The input's own schema refuses it before.
  expect(actions[3]).toMatchObject({ state: 'invalid' })
  expect(actions[0]?.output).toEqual({ bytes: 4, writable: false })
  expect(entries.filter(({ header }) => header.kind === 'action.verified')).toHaveLength(3)
})

it('no link leads out of the workspace with what is kept', async () => {
  const { actions, entries } = await endOf([step('a', { link: '/etc/passwd' })])
  expect(actions[0]).toMatchObject({ state: 'failed', error: { code: 'artifact_invalid' } })
  expect(entries.filter(({ header }) => header.kind === 'action.verified')).toHaveLength(1)
})

it('an upload that is something else, or breaks off, leaves nothing', async () => {
  const uploaded = (): string[] => readdirSync(join(artifactsIn, 'default', 'uploads'))
  const coming = (): string[] => readdirSync(join(artifactsIn, '.drafts'))
  const before = uploaded()
  expect(await put('owner', sha256('one'), 'two')).toEqual([400, 'artifact_mismatch'])
  expect(await put('node', sha256('one'), 'one')).toEqual([403, 'forbidden'])
  const headers = { authorization: 'Bearer owner', 'content-type': 'application/octet-stream', 'content-length': 1_000 }
  const broken = request(`${url}/api/v1/artifacts/${sha256('whole')}`, { method: 'PUT', headers })
  broken.on('error', () => undefined)
  broken.write('who')
  await vi.waitFor(() => expect(coming()).toHaveLength(1))
  broken.destroy()
  await vi.waitFor(() => expect([coming(), uploaded()]).toEqual([[], before]))
})

/** Sends a file in pieces, with a pause after each, as over a slow line. */
async function putSlowly(content: Buffer, pieces: number, pauseMs: number): Promise<[number | undefined, string]> {
  const digest = createHash('sha256').update(content).digest('hex')
  const type = { authorization: 'Bearer owner', 'content-type': 'application/octet-stream' }
  const headers = { ...type, 'content-length': content.length }
  const sending = request(`${url}/api/v1/artifacts/${digest}`, { method: 'PUT', headers })
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    sending.on('response', resolve).on('error', reject),
  )
  for (let at = 0; at < pieces && !sending.destroyed; at += 1) {
    sending.write(content.subarray((content.length / pieces) * at, (content.length / pieces) * (at + 1)))
    if (await Promise.race([answered.then(() => true), wait(pauseMs, false)])) break
  }
  const answer = await answered
  sending.end()
  const body = await text(answer)
  return [answer.statusCode, body === '' ? '' : (JSON.parse(body) as { code: string }).code]
}

it('a slow line may take several times as long as any other request, and a stalled one is told so', async () => {
  const before = readdirSync(join(artifactsIn, '.drafts'))
  expect(await putSlowly(Buffer.alloc(MIB, 'slow'), 32, 100)).toEqual([204, ''])
  expect(await putSlowly(Buffer.alloc(MIB, 'stalled'), 1024, 100)).toEqual([408, 'transfer_too_slow'])
  expect(readdirSync(join(artifactsIn, '.drafts'))).toEqual(before)
})
