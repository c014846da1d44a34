import { join } from 'node:path'
import type { ReviewView, RunAccepted, RunDetail } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import { beforeAll, expect, it } from 'vitest'
import { lastJson, until } from '../support/cli.ts'
import { clientOf } from '../support/stewarded.ts'
import { upForTests } from '../support/up.ts'

// What people do about runs that wait for them, each of it a command as they type it.
const { folder, dataDir, cli } = upForTests('people')
const alice = join(folder, 'alice.identity')
let client: Client

beforeAll(async () => {
  client = await clientOf(dataDir)
  const added = await cli.run('identity', 'add', 'alice', '--role', 'reviewer', '--out', alice)
  if (added.code !== 0) throw new Error(added.stderr)
})

const json = async <T>(...args: string[]): Promise<T> => lastJson<T>(await cli.run(...args, '--json'))
const show = (runId: string): Promise<RunDetail> => json('run', 'show', runId)
const reaches = (runId: string, state: string): Promise<void> =>
  until(async () => (await client.run(runId)).state === state, 60_000, `run ${runId} to be ${state}`)
/** A run that waits for people: the law asks them about this host. */
async function asking(path: string): Promise<string> {
  const { runId } = await client.execute({
    skillId: 'http.get',
    input: { url: `https://webhook.site/${path}` },
    scope: { read: [], write: [], hosts: ['webhook.site'] },
  })
  await reaches(runId, 'awaiting_review')
  return runId
}

it('a run that its budget holds says why, and goes on with a larger one', async () => {
  const { runId } = await client.api.orchestrator.plan({
    body: {
      plan: { steps: [{ id: 'a', skill: 'text.measure', input: { text: 'a b' } }] },
      budget: { timeMs: 1 },
    },
  })
  await reaches(runId, 'paused')
  const shown = await cli.run('run', 'show', runId)
  expect(shown.stdout).toContain('leaves no room for what the action may take of time')

  const mistaken = await cli.run('run', 'resume', runId, '--budget', 'time=soon')
  expect([mistaken.code, mistaken.stderr]).toEqual([2, expect.stringContaining('Give it like')])
  const { runId: free } = await client.execute({
    skillId: 'text.measure',
    input: { text: '' },
    startAt: '2099-01-01T00:00:00Z',
  })
  await cli.run('run', 'pause', free)
  const without = await cli.run('run', 'resume', free, '--budget', 'time=10m')
  expect([without.code, without.stderr]).toEqual([6, expect.stringContaining('has no budget')])

  expect((await cli.run('run', 'resume', runId, '--budget', 'time=10m', '--watch')).code).toBe(0)
  expect(await show(runId)).toMatchObject({ state: 'success', budget: { timeMs: 600_000 } })
})

it('a review is decided while its run is paused, and holds when that is resumed', async () => {
  const runId = await asking('paused')
  expect((await cli.run('run', 'pause', runId, '--reason', 'lunch')).code).toBe(0)
  const { items } = await json<{ items: ReviewView[] }>('review', 'list', '--run', runId)
  expect(items).toMatchObject([{ runId, paused: true, agentId: 'direct' }])
  const [{ reviewId, actionDigest }] = items as [ReviewView]
  const text = (await cli.run('review', 'show', reviewId)).stdout
  expect(text).toContain(actionDigest)
  expect(text).toContain('what is decided holds when it is resumed')

  const denied = await cli.run('review', 'deny', reviewId, '--comment', 'not today', '--identity', alice)
  expect([denied.code, denied.stdout]).toEqual([0, expect.stringContaining('it holds when it is resumed')])
  expect(await show(runId)).toMatchObject({ state: 'paused', pauseReason: 'lunch' })
  expect((await json<{ items: ReviewView[] }>('review', 'list', '--run', runId)).items).toEqual([])
  const again = await cli.run('review', 'deny', reviewId, '--identity', alice)
  expect([again.code, again.stderr]).toEqual([5, expect.stringContaining(`azora run show ${runId}`)])

  expect((await json<RunAccepted>('run', 'resume', runId)).state).toBe('running')
  await reaches(runId, 'fail')
  expect((await show(runId)).actions).toMatchObject([{ state: 'denied', error: { code: 'denied_in_review' } }])
})

it('what waits is listed in pages', async () => {
  const runIds = [await asking('first'), await asking('second')]
  const page = (...args: string[]) =>
    json<{ items: ReviewView[]; next?: string }>('review', 'list', '--order', 'oldest', '--limit', '1', ...args)
  const first = await page()
  const second = await page('--cursor', first.next ?? '')
  expect([...first.items, ...second.items].map(({ runId }) => runId)).toEqual(runIds)
  expect(second.next).toBeUndefined()
  expect((await cli.run('review', 'list', '--limit', '1')).stdout).toMatch(/more: --cursor \d+/)
  const mistaken = await cli.run('review', 'list', '--cursor', 'nothing')
  expect([mistaken.code, mistaken.stderr]).toEqual([2, expect.stringContaining('--cursor nothing is of no page')])
  for (const runId of runIds) await cli.run('run', 'cancel', runId)
  expect((await cli.run('review', 'list')).stdout).toContain('nothing waits for people')
})
