import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { keepAtControlPlane } from './keep.ts'

const folder = mkdtempSync(join(tmpdir(), 'azora-keep-'))
const DIGEST = `sha256:${'a'.repeat(64)}`
const TEXT = 'what it printed\n'.repeat(50_000)
const seen: Array<{ url: string | undefined; token: string | undefined; body: string }> = []
let answers: number[] = []
let server: http.Server
let printed: Parameters<ReturnType<typeof keepAtControlPlane>>[1]

beforeAll(async () => {
  const file = join(folder, 'printed')
  writeFileSync(file, TEXT)
  printed = { file, artifact: { digest: DIGEST } } as typeof printed
  server = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    seen.push({ url: `${request.method} ${request.url}`, token: request.headers.authorization, body })
    response.writeHead(answers.shift() ?? 204).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
beforeEach(() => seen.splice(0))
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const keep = () => {
  const { port } = server.address() as AddressInfo
  return keepAtControlPlane(`ws://127.0.0.1:${port}/api/v1/nodes/connect`, 'secret')('run-1', printed)
}

it('sends the whole file with the token of the node', async () => {
  await keep()
  expect(seen).toEqual([{ url: `PUT /api/v1/runs/run-1/artifacts/${DIGEST}`, token: 'Bearer secret', body: TEXT }])
})

it('tries again when the server fails, and not when it is refused', async () => {
  answers = [500, 503, 204]
  await keep()
  expect(seen).toHaveLength(3)
  answers = [500, 403]
  await expect(keep()).rejects.toMatchObject({ code: 'artifact_not_kept', message: 'it answers 403' })
  expect(seen).toHaveLength(5)
})

it('does not follow where it is sent', async () => {
  answers = [307]
  await expect(keep()).rejects.toMatchObject({ message: 'it answers 307' })
})
