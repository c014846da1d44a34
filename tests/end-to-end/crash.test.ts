import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EntryKind } from '@azora/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/cli.ts'
import { killHard, type Victim } from '../support/processes.ts'
import * as repositories from '../support/repositories.ts'
import { clientOf, expectWhole, startStewarded, untilEntry } from '../support/stewarded.ts'
import { upForTests } from '../support/up.ts'

const { folder, dataDir, restart } = upForTests('crash')
const repos = join(folder, 'repos')

/** The moments of a run at which a process dies, as the entries that have just become durable. */
const MOMENTS: Array<{ kind: EntryKind; step?: string }> = [
  { kind: 'run.scheduled' },
  { kind: 'plan.proposed' },
  { kind: 'action.verified', step: 'publish' },
  { kind: 'action.started', step: 'publish' },
  { kind: 'action.finished', step: 'publish' },
  { kind: 'run.validated' },
]
/** The server is what decides: it dies at each of them. Others die before and in the midst of the effect. */
const OF_ALL = new Set(['action.verified publish', 'action.started publish'])
const VICTIMS: Victim[] = ['server', 'node', 'database']
const CASES = VICTIMS.flatMap((victim) =>
  MOMENTS.map((moment) => ({ victim, moment, at: [moment.kind, moment.step].filter(Boolean).join(' ') })).filter(
    ({ at }) => victim === 'server' || OF_ALL.has(at),
  ),
)

beforeAll(() => {
  mkdirSync(repos)
})

describe('a process that dies by SIGKILL', () => {
  it.each(CASES)(
    '$victim at $at: the run ends well, with one branch and one commit',
    async ({ victim, moment, at }) => {
      const before = await clientOf(dataDir)
      const run = await startStewarded(before, repos, `${victim}-${at.replaceAll(/[^a-z]/g, '-')}`)
      // At once: the run's own end would come too late to be a crash.
      await untilEntry(before, run.runId, moment.kind, moment.step)
      killHard(victim, dataDir)
      if (victim === 'server') await restart()
      await expectWhole(await clientOf(dataDir), dataDir, run)
    },
  )

  it('server while a child is under way: it is started once, and its parent ends with what it said', async () => {
    const before = await clientOf(dataDir)
    const repository = repositories.javascript(join(repos, 'child'))
    const input = { agent: 'repo-steward', input: { repository }, actions: 20 }
    const { runId } = await before.api.orchestrator.plan({
      body: {
        plan: { steps: [{ id: 'c', skill: 'run.start', input }] },
        scope: { read: [], write: [repository], hosts: [] },
        budget: { timeMs: 3_600_000 },
      },
    })
    await untilEntry(before, runId, 'action.started', 'c')
    const child = (await before.run(runId)).actions[0]?.child ?? ''
    await until(
      () =>
        before.run(child).then(
          () => true,
          () => false,
        ),
      30_000,
      'the child',
    )
    await untilEntry(before, child, 'action.started', 'publish')
    killHard('server', dataDir)
    await restart()
    const client = await clientOf(dataDir)
    await expectWhole(client, dataDir, { runId: child, repository })
    await untilEntry(client, runId, 'run.succeeded')
    const [parent, ended] = [await client.run(runId), await client.run(child)]
    expect(parent.actions[0]).toMatchObject({ state: 'succeeded', child, output: ended.outputs })
    const { used = {}, reserved } = parent.budgetUse ?? {}
    expect(reserved).toEqual({})
    expect(used.timeMs).toBe(ended.budgetUse?.used.timeMs)
  })
})
