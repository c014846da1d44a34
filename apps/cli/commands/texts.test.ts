import type { Health, ReviewView, VerifyResponse } from '@azora/contracts'
import { describe, expect, test } from 'vitest'
import { reviewText } from '../output/review.ts'
import { schemaText } from '../output/schema.ts'
import { createStyle } from '../output/style.ts'
import { endingText, usageText } from '../output/usage.ts'
import { DENIED_BECAUSE as reason } from '../testing/reason.ts'
import { findingsText } from './doctor.ts'
import { responseText } from './skill-invoke.ts'
import { statusText } from './status.ts'

const plain = createStyle(false)
const RUN = '01920000-0000-7000-8000-000000000001'
const DIGEST = 'c'.repeat(64)
test('what an action used, and the limit at which it ended', () => {
  const usage = {
    cpuMs: 1_204,
    memoryBytesPeak: 268_435_456,
    processesPeak: 12,
    diskBytesRead: 0,
    diskBytesWritten: 4_096,
  }
  const breach = { limit: 'memory' as const, allowed: 268_435_456, used: 268_435_456 }
  expect(usageText({ usage })).toBe('1.2s cpu, 256.0 MiB memory, 12 processes and threads, 0 B read, 4.0 KiB written')
  expect(endingText({ ending: { by: 'limit', breach } })).toBe('limit memory: 256.0 MiB of 256.0 MiB')
  expect(endingText({ ending: { by: 'cancel', goneAfterMs: 12 } })).toBe('cancelled, gone after 12ms')
  expect(endingText({ ending: { by: 'itself', exitCode: 0 } })).toBeUndefined()
})

describe('what people read', () => {
  test('the status', () => {
    const health: Health = {
      status: 'degraded',
      version: '0.1.0',
      uptimeMs: 65_000,
      database: 'unreachable',
      nodes: [
        {
          node: 'local',
          shard: 'main',
          capacity: 4,
          busy: 1,
          state: 'draining',
          isolation: 'bubblewrap 0.8.0',
          version: '0.1.0',
        },
      ],
      constitution: DIGEST,
      journal: { shard: 'main', size: 1, epoch: 3, key: 'main+0a+b' },
      runs: { success: 2 },
    }
    expect(`\n${statusText(plain, health)}\n`).toMatchInlineSnapshot(`
      "
      status        degraded, version 0.1.0, up 1m 05s
      database      unreachable
      nodes         local (shard main, 1 of 4 busy, draining, bubblewrap 0.8.0)
      constitution  cccccccccccccccc
      journal       main: 1 entry, epoch 3
      journal key   main+0a+b
      runs          2 success
      "
    `)
  })

  test('a review, with its arguments whole', () => {
    const review: ReviewView = {
      reviewId: RUN,
      runId: RUN,
      agentId: 'payer',
      stepId: 'pay',
      cause: 'outcome_unknown',
      skill: 'pay.send',
      input: { to: 'ada', amount: 12, note: 'x'.repeat(200) },
      actionDigest: DIGEST,
      reasons: [reason],
      requestedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-02T00:00:00.000Z',
      requesters: ['agent:payer@1.0.0'],
      runOwner: 'user:owner',
      skillVersion: '1.0.0',
      effects: ['spend'],
      resources: { read: [], write: [], hosts: ['bank.example.org'], spend: [{ currency: 'EUR', amount: 1200 }] },
      terms: { quorum: 2, expiresMinutes: 1440, useWithinMinutes: 60, batchMax: 20 },
      approvedBy: ['user:bob'],
      diff: '--- notes\n+++ notes\n-old\n+new\n',
    }
    const text = reviewText(plain, review)
    expect(text).toContain('x'.repeat(200))
    expect(text).toContain('approving performs it again')
    expect(text).toContain(DIGEST)
    expect(text).toContain('reaches bank.example.org, spends 1200 EUR (minor units)')
    expect(text).toContain('2 approvals by different people; so far: user:bob')
    expect(text).toContain('  -old\n  +new')
  })

  test('a verdict', () => {
    const response: VerifyResponse = {
      verdict: 'deny',
      score: 75,
      reasons: [reason],
      constitution: DIGEST,
      actionDigest: DIGEST,
    }
    expect(`\n${responseText(plain, response)}\n`).toMatchInlineSnapshot(`
      "
      deny 75
        Article 4: no agent destroys what it cannot restore (destructive, CRITICAL)
          because effects: destructive
          Propose a branch instead.
        action cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
      "
    `)
  })

  test('the findings of doctor', () => {
    expect(
      `\n${findingsText(plain, [
        { name: 'git', level: 'ok', detail: '2.39.5' },
        { name: 'bubblewrap', level: 'fail', detail: 'not installed', mend: 'Install it.' },
      ])}\n`,
    ).toMatchInlineSnapshot(`
      "
      ✓ git         2.39.5
      ✗ bubblewrap  not installed
                    Install it.
      "
    `)
  })

  test('a schema', () => {
    const schema = {
      type: 'object',
      required: ['repository', 'depth'],
      properties: {
        repository: { type: 'string', description: 'path or URL' },
        depth: { type: 'integer', default: 1 },
        mode: { enum: ['fast', 'slow'] },
        files: { type: 'array', items: { type: 'string' } },
        ref: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
    }
    expect(`\n${schemaText(plain, schema)}\n`).toMatchInlineSnapshot(`
      "
        name        type
        repository  string           required  path or URL
        depth       integer
        mode        "fast" | "slow"
        files       string[]
        ref         string | null
      "
    `)
  })
})
