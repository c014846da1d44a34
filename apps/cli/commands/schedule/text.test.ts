import type { ScheduleView } from '@azora/contracts'
import { expect, it } from 'vitest'
import { createStyle } from '../../output/style.ts'
import { scheduleText } from './text.ts'

it('a schedule says when it starts what, and what became of its times', () => {
  const view: ScheduleView = {
    ...{ name: 'nightly', cron: '0 7 * * 1-5', timeZone: 'Europe/Berlin', missed: 'skip', overlap: 'queue' },
    ...{ agentId: 'repo-steward', input: { repository: '/srv/app' }, priority: 5, deadlineSeconds: 5_400 },
    scope: { read: ['/srv/app'], write: [], hosts: ['github.com'] },
    budget: { actions: 200, turns: 50, money: { currency: 'USD', micros: 500_000 } },
    scheduleId: '01920000-0000-4000-8000-000000000001',
    ...{ owner: 'user:owner', createdAt: '2026-11-01T00:00:00.000Z', state: 'active' as const },
    next: ['2026-11-30T06:00:00.000Z'],
    recent: [{ at: '2026-11-27T06:00:00.000Z', state: 'skipped', why: 'overlap' }],
    ...{ open: [], queued: 0 },
  }
  expect(`\n${scheduleText(createStyle(false), view, 100)}\n`).toMatchInlineSnapshot(`
    "
    schedule         nightly
    state            active
    times            0 7 * * 1-5, Europe/Berlin
    agent            repo-steward
    input            {"repository":"/srv/app"}
    scope            read /srv/app, reach github.com
    budget           200 actions, USD 0.50, 50 turns
    priority         5
    deadline         1h 30m after its start
    rights of        user:owner
    missed, overlap  skip, queue
    open runs        0
    waiting times    0
    next             2026-11-30 07:00:00+01:00

    time                       became   run  why
    2026-11-27 07:00:00+01:00  skipped       a run had not ended
    "
  `)
})
