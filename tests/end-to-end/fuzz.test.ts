import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type LocalServer, ownerToken } from '@azora/sdk/client'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../apps/server/http/openapi/document.ts'
import { createCli, serverPid, until } from '../support/cli.ts'
import type { Known } from '../support/fuzz/arbitrary.ts'
import { checkAgainst } from '../support/fuzz/check.ts'
import { type FuzzRequest, requestsFor, targetsOf } from '../support/fuzz/request.ts'
import { createSender } from '../support/fuzz/send.ts'
import { person } from '../support/people.ts'
import { tempDir } from '../support/temp-dir.ts'

// A real server from outside, by nothing but the document that it serves. Request N depends on the seed and on N alone:
//   AZORA_FUZZ_SEED=… AZORA_FUZZ_ONLY=N sends one again; AZORA_FUZZ_REQUESTS sets how many there are.
const SEED = Number(process.env.AZORA_FUZZ_SEED ?? 20_261_127)
const REQUESTS = Number(process.env.AZORA_FUZZ_REQUESTS ?? 10_000)
const ONLY = process.env.AZORA_FUZZ_ONLY
const CONNECTIONS = 16
const LIMIT_MS = 900_000

const folder = tempDir('fuzz')
const dataDir = join(folder.path, 'data')
const cli = createCli(dataDir)
let url: string
let document: OpenApiDocument
let log = ''
let known: Known
let tokens: readonly string[]

beforeAll(async () => {
  // Without a node, so that nothing acts: what is asked for waits.
  const { child } = cli.start('server', '--port', '0')
  child.stderr?.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-200_000)
  })
  await until(() => serverPid(dataDir) !== undefined, 120_000, 'the server')
  url = (JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as LocalServer).url
  const owner = (await ownerToken(dataDir)) ?? ''
  document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as OpenApiDocument
  const client = createClient({ url, token: owner })
  const reviewer = await client.addPrincipal({
    id: 'user:fuzz-reviewer',
    roles: ['reviewer'],
    keys: [...person('user:fuzz-reviewer').keys],
  })
  const node = await client.addPrincipal({ id: 'node:fuzz', roles: ['node'], keys: [] })
  await client.putSecret({ name: 'FUZZ', value: 'a secret value', hosts: ['example.org'] })
  const { runId } = await client.execute({ skillId: 'workspace.read-file', input: { path: 'a.txt' } })
  tokens = [owner, reviewer.token ?? '', node.token ?? '', '', 'nonsense']
  known = {
    runId: [runId],
    skillId: ['workspace.read-file', 'workspace.write-file'],
    agentId: ['repo-steward'],
    name: ['FUZZ'],
    shard: ['main'],
    'if-match': ['*'],
    fields: ['id', 'name', 'state', 'index'],
    digest: [(await client.constitution()).digest],
    code: ['run_not_found'],
    index: ['0', '1', '3'],
    tile: ['0/000.p/1', '0/000.p/3', 'entries/000.p/2'],
  }
})
afterAll(async () => {
  await cli.stop()
  folder.remove()
})

it(
  `keeps its contract in ${REQUESTS} requests, whatever they are`,
  async () => {
    const targets = targetsOf(document)
    const drawers = targets.map((target) => requestsFor(target, document, known, tokens))
    const check = checkAgainst(document)
    const { send, close } = createSender(url, CONNECTIONS)
    const statuses = new Map<number, number>()
    const flaws = new Map<string, string>()
    let next = ONLY === undefined ? 0 : Number(ONLY)
    const end = ONLY === undefined ? REQUESTS : next + 1

    async function sendAll(): Promise<void> {
      while (next < end && flaws.size < 40) {
        const at = next
        next += 1
        const which = at % targets.length
        const [target, drawer] = [targets[which], drawers[which]]
        const [drawn] = drawer ? fc.sample(drawer, { seed: SEED + at, numRuns: 1 }) : []
        if (!target || !drawn) continue
        const answer = await send(drawn).catch((thrown: Error) => thrown)
        const flaw =
          answer instanceof Error ? `breaks the connection: ${answer.message}` : check(target.operation, answer, drawn)
        if (!(answer instanceof Error)) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        const key = `${target.operation.operationId} ${flaw}`
        if (flaw && !flaws.has(key)) flaws.set(key, `${key}\n  ${replayOf(at, drawn)}\n  ${bodyOf(answer)}`)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, sendAll))
    close()
    console.info(`seed ${SEED}:`, Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))
    if (flaws.size > 0)
      console.info(
        log
          .split('\n')
          .filter((line) => line.includes('a request failed'))
          .slice(-10)
          .join('\n'),
      )
    expect([...flaws.values()].join('\n')).toBe('')
    // It is no fuzz if all of it is refused.
    if (ONLY === undefined) expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 20)
    expect(await createClient({ url, token: tokens[0] ?? '' }).healthy()).toBe(true)
  },
  LIMIT_MS,
)

const replayOf = (at: number, { method, path, headers, body }: FuzzRequest): string =>
  `AZORA_FUZZ_SEED=${SEED} AZORA_FUZZ_ONLY=${at}: ${method} ${path.slice(0, 300)} ${headers['content-type'] ?? ''} ${body?.toString().slice(0, 500) ?? ''}`

const bodyOf = (answer: { body: Buffer } | Error): string =>
  answer instanceof Error ? String(answer.cause ?? '') : answer.body.toString().slice(0, 300)
