import type { ActionView, AgentRun, Waits } from '@azora/contracts'
import { expect, test } from 'vitest'
import { createStyle } from '../../output/style.ts'
import { DENIED_BECAUSE as reason } from '../../testing/reason.ts'
import { listText } from './list.ts'
import { runText } from './show.ts'

const plain = createStyle(false)
const RUN = '01920000-0000-7000-8000-000000000001'
const run: AgentRun = {
  id: RUN,
  agentId: 'repo-steward',
  agentVersion: '1.0.0',
  tenant: 'default',
  owner: 'user:owner',
  state: 'success',
  input: { repository: '/srv/app' },
  scope: { read: ['/srv/app'], write: [], hosts: ['github.com'] },
  priority: 5,
  budget: { actions: 200, turns: 50 },
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: '2026-01-01T00:00:01.000Z',
  finishedAt: '2026-01-01T00:01:06.000Z',
  outputs: { branch: 'azora/x' },
  verificationProof: { shard: 'main', index: 41 },
}

const step = { stepId: 'a', skill: 'a.b', effects: [], input: {}, reasons: [], state: 'succeeded' as const }
const shown = (action: Partial<ActionView>): string =>
  runText(plain, { ...run, actions: [{ ...step, ...action }] }, 100)

test('a run', () => {
  const action: ActionView = {
    stepId: 'rewrite',
    skill: 'git.rewrite-branch',
    effects: ['destructive'],
    reason: 'make the report part of it',
    input: { branch: 'main' },
    verdict: 'deny',
    score: 75,
    reasons: [reason],
    state: 'denied',
  }
  const detail = { ...run, actions: [action] }
  expect(`\n${runText(plain, detail, 100)}\n`).toMatchInlineSnapshot(`
    "
    run      01920000-0000-7000-8000-000000000001
    agent    repo-steward 1.0.0
    state    success
    owner    user:owner
    created  2026-01-01T00:00:00.000Z
    ended    2026-01-01T00:01:06.000Z
    took     1m 05s
    input    {"repository":"/srv/app"}
    scope    read /srv/app, reach github.com
    proof    entry 41 of main

    ✗ git.rewrite-branch  deny 75     destructive
        step    rewrite
        why     make the report part of it
        input   {"branch":"main"}
        law     Article 4: no agent destroys what it cannot restore (destructive, CRITICAL)
                  because effects: destructive
                  Propose a branch instead.

    outputs
      {
        "branch": "azora/x"
      }
    "
  `)
})

test('who cancelled a run, and why', () => {
  const cancel = { by: 'user:alice', at: '2026-01-01T00:01:05.000Z' }
  const text = (reason?: string) =>
    runText(plain, { ...run, actions: [], cancel: { ...cancel, ...(reason !== undefined && { reason }) } }, 100)
  expect(text()).toMatch(/^cancel {3}asked for by user:alice at 2026-01-01T00:01:05.000Z$/m)
  expect(text('too slow')).toMatch(/^cancel .*: too slow$/m)
})

test.each<[Partial<ActionView>, string]>([
  [{}, 'a'],
  [{ compensates: 'push' }, 'a, undoes push'],
])('the name of a step, by which a fork begins: %j', (said, text) => {
  expect(shown(said)).toContain(`\n    step    ${text}\n`)
})

test('what had not ended when its run was cancelled waits no more', () => {
  const waiting = { ...step, state: 'waiting' as const, waits: {} }
  const text = runText(plain, { ...run, state: 'cancelled', actions: [waiting] }, 100)
  expect(text).toMatch(/- a\.b .* cancelled\n/)
})

test('a step that another run performed', () => {
  expect(shown({ takenOver: true })).toMatch(/✓ a\.b .* taken over\n/)
  expect(shown({ takenOver: true, state: 'failed' })).toMatch(/✗ a\.b .* failed, taken over\n/)
})

test.each<[Waits, string]>([
  [{ steps: ['clone'] }, 'for the step clone'],
  [{ steps: ['a', 'b'] }, 'for the steps a, b'],
  [{ review: RUN }, `for people: azora review show ${RUN}`],
  [{ run: RUN }, 'for the run that it started'],
  [{ budget: true }, "for what other steps hold of the run's budget"],
  [{ place: 'eu' }, 'for a place on a node of the shard eu'],
])('what a step waits for: %j', (waits, text) => {
  expect(shown({ state: 'proposed', waits })).toContain(`\n    waits   ${text}`)
})

test('runs', () => {
  expect(`\n${listText(plain, [run], 'abc')}\n`).toMatchInlineSnapshot(`
    "
    run                                   agent         state    created (UTC)        took
    01920000-0000-7000-8000-000000000001  repo-steward  success  2026-01-01 00:00:00  1m 05s
    more: --cursor abc
    "
  `)
  expect(listText(plain, [], undefined)).toBe('no runs')
})
