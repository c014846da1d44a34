import type { Action, Entry, EntryKind, EntryPayload, RunSpec, RunState, Step } from '@azora/contracts'
import { digestOf } from '@azora/proof'

export const RUN = '018f0000-0000-7000-8000-000000000001'
const DIGEST = 'a'.repeat(64)

export const specOf = (change: Partial<RunSpec> = {}): RunSpec => ({
  runId: RUN,
  agentId: 'tester',
  agentVersion: '1.0.0',
  tenant: 'default',
  owner: 'user:owner',
  input: {},
  scope: { read: [], write: [], hosts: [] },
  priority: 5,
  budget: { actions: 20, turns: 10 },
  createdAt: '2026-01-01T00:00:00.000Z',
  ...change,
})

export const stepOf = (id: string, change: Partial<Step> = {}): Step => ({
  id,
  skill: 'file.write',
  input: {},
  after: [],
  ...change,
})

const actionOfStep = (stepId: string): Action => ({
  runId: RUN,
  stepId,
  tenant: 'default',
  principal: 'agent:tester@1.0.0',
  owner: 'user:owner',
  skillId: 'file.write',
  skillVersion: '1.0.0',
  codeDigest: DIGEST,
  input: {},
  effects: ['write'],
  workspace: 'write',
  resources: { read: [], write: [], hosts: [] },
})

export const digestOfStep = (stepId: string): string => digestOf(actionOfStep(stepId))

export function entryOf<K extends EntryKind>(
  index: number,
  kind: K,
  payload: EntryPayload<K>,
  transition?: { from?: RunState; to: RunState },
): Entry {
  const header = {
    shard: 'azora/test',
    index,
    kind,
    tenant: 'default',
    actor: 'system:test',
    at: new Date(Date.UTC(2026, 0, 1) + index).toISOString(),
    run: RUN,
    payloadDigest: DIGEST,
    ...(transition && { transition }),
  }
  return { header, payload, salt: '0'.repeat(32) } as unknown as Entry
}

export const scheduled = (spec: RunSpec = specOf()): Entry => entryOf(0, 'run.scheduled', { spec }, { to: 'scheduled' })

export function verdictOf(stepId: string, verdict: 'allow' | 'deny' | 'review'): EntryPayload<'action.verified'> {
  return {
    action: actionOfStep(stepId),
    result: { verdict, score: 50, reasons: [], constitution: DIGEST },
    ...(verdict === 'allow' && {
      permission: {
        actionDigest: digestOfStep(stepId),
        expiresAt: '2026-01-01T00:01:00.000Z',
        nonce: '0'.repeat(32),
        audience: 'test/instance-1',
      },
    }),
  }
}

export function outcomeOf(
  stepId: string,
  state: 'succeeded' | 'failed' | 'cancelled',
  output?: EntryPayload<'action.finished'>['outcome']['output'],
): EntryPayload<'action.finished'> {
  return {
    stepId,
    actionDigest: digestOfStep(stepId),
    outcome: {
      state,
      durationMs: 1,
      log: '',
      node: 'local',
      isolation: 'none',
      ...(output !== undefined && { output }),
    },
  }
}
