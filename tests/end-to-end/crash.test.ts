import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EntryKind, EntryRecord } from '@azora/contracts'
import { verifyEvidence } from '@azora/evidence'
import { type Client, createClient, journalKey, localServer, ownerToken } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCli, serverPid, until } from '../support/cli.ts'
import { killHard, type Victim } from '../support/processes.ts'
import * as repositories from '../support/repositories.ts'
import { tempDir } from '../support/temp-dir.ts'

const folder = tempDir('crash')
const dataDir = join(folder.path, 'data')
const cli = createCli(dataDir)
let running: Awaited<ReturnType<typeof cli.up>>

/** The moments of a run at which a process dies, as the entries that have just become durable. */
const MOMENTS: Array<{ kind: EntryKind; step?: string }> = [
  { kind: 'run.scheduled' },
  { kind: 'plan.proposed' },
  { kind: 'action.verified', step: 'clone' },
  { kind: 'action.finished', step: 'clone' },
  { kind: 'action.verified', step: 'test' },
  { kind: 'action.verified', step: 'publish' },
  { kind: 'action.started', step: 'publish' },
  { kind: 'action.finished', step: 'publish' },
  { kind: 'run.validated' },
]
/** The server is what decides: it dies at each of them. Others die before, in the midst of and after the effect. */
const OF_ALL = new Set([
  'plan.proposed',
  'action.verified publish',
  'action.started publish',
  'action.finished publish',
])
const VICTIMS: Victim[] = ['server', 'node', 'database']
const CASES = VICTIMS.flatMap((victim) =>
  MOMENTS.map((moment) => ({ victim, moment, at: [moment.kind, moment.step].filter(Boolean).join(' ') })).filter(
    ({ at }) => victim === 'server' || OF_ALL.has(at),
  ),
)

beforeAll(async () => {
  mkdirSync(join(folder.path, 'repos'))
  running = await cli.up()
})
afterAll(async () => {
  const pid = serverPid(dataDir)
  if (pid) process.kill(pid, 'SIGTERM')
  await running?.finished
  folder.remove()
})

async function connect(): Promise<Client> {
  const [server, token] = await Promise.all([localServer(dataDir), ownerToken(dataDir)])
  if (!server || !token) throw new Error('no server')
  return createClient({ url: server.url, token })
}

function isMoment({ header, payload }: EntryRecord, { kind, step }: (typeof MOMENTS)[number]): boolean {
  if (header.kind !== kind) return false
  const said = payload as { stepId?: string; action?: { stepId?: string } } | undefined
  return step === undefined || (said?.stepId ?? said?.action?.stepId) === step
}

/** Kills the victim as soon as the moment's entry is seen; the run's own end comes too late to be a crash. */
async function killAt(client: Client, runId: string, victim: Victim, moment: (typeof MOMENTS)[number]): Promise<void> {
  for await (const entry of client.events(runId)) {
    if (!isMoment(entry, moment)) continue
    killHard(victim, dataDir)
    return
  }
  throw new Error(`the run never came to ${moment.kind}`)
}

async function restart(victim: Victim): Promise<void> {
  if (victim !== 'server') return
  await running.finished
  running = await cli.up()
}

describe('a process that dies by SIGKILL', () => {
  it.each(CASES)(
    '$victim at $at: the run ends well, with one branch and one commit',
    async ({ victim, moment, at }) => {
      const repository = repositories.javascript(
        join(folder.path, 'repos', `${victim}-${at.replaceAll(/[^a-z]/g, '-')}`),
      )
      const scope = { read: [], write: [repository], hosts: [] }
      const before = await connect()
      const { runId } = await before.manage({
        operation: 'create',
        agentId: 'repo-steward',
        input: { repository },
        scope,
      })
      await killAt(before, runId, victim, moment)
      await restart(victim)

      const client = await connect()
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
        `run ${runId} to end (it is ${state})`,
      )
      expect(state).toBe('success')
      expect(repositories.branches(repository)).toEqual([`azora/${runId}`])
      expect(repositories.commitsOn(repository, `azora/${runId}`)).toBe(1)
      const report = verifyEvidence(await client.evidence(runId), { trustedKey: await journalKey(dataDir) })
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    },
  )
})
