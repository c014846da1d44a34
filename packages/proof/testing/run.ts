import type { Action, EntryPayload } from '@azora/contracts'
import { digestOf } from '../digest.ts'
import type { Written } from './log.ts'

export const RUN = '018f0000-0000-7000-8000-000000000001'
const DIGEST = 'a'.repeat(64)

const ACTION: Action = {
  runId: RUN,
  stepId: 'write',
  tenant: 'default',
  principal: 'agent:tester@1.0.0',
  owner: 'user:owner',
  skillId: 'file.write',
  skillVersion: '1.0.0',
  codeDigest: DIGEST,
  input: { path: 'a.txt', text: 'hello' },
  effects: ['write'],
  workspace: 'write',
  resources: { read: [], write: [], hosts: [] },
}
const PERMISSION = {
  actionDigest: digestOf(ACTION),
  expiresAt: '2026-01-01T00:01:00.000Z',
  nonce: '0'.repeat(32),
  audience: 'test/instance-1',
}
const ALLOWED = { verdict: 'allow', score: 100, reasons: [], constitution: DIGEST } as const

export const verified = (change: Partial<EntryPayload<'action.verified'>> = {}): Written => ({
  kind: 'action.verified',
  payload: { action: ACTION, result: ALLOWED, permission: PERMISSION, ...change },
})
const SCHEDULED: Written = {
  kind: 'run.scheduled',
  transition: { to: 'scheduled' },
  payload: {
    spec: {
      runId: RUN,
      agentId: 'tester',
      agentVersion: '1.0.0',
      tenant: 'default',
      owner: 'user:owner',
      input: {},
      scope: {},
      priority: 5,
      budget: {},
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  },
}

/** A run that did these things and succeeded. */
export const runOf = (...deeds: Written[]): Written[] => [
  SCHEDULED,
  { kind: 'run.started', payload: {}, transition: { from: 'scheduled', to: 'running' } },
  ...deeds,
  {
    kind: 'run.validated',
    payload: { result: ALLOWED, outputs: { ok: true } },
    transition: { from: 'running', to: 'validated' },
  },
  { kind: 'run.succeeded', payload: {}, transition: { from: 'validated', to: 'success' } },
]
