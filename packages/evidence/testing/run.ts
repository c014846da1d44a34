import type { Action, AgentManifest, EntryPayload, ReviewDecision, SkillManifest } from '@azora/contracts'
import { digestOf, type Signer, signStatement } from '@azora/proof'
import { CONSTITUTION, createLog, LAW, type TestLog, type Written } from './log.ts'

export const RUN = '018f0000-0000-7000-8000-000000000001'
const DIGEST = 'a'.repeat(64)

export const skill = (skillId: string, effects: SkillManifest['effects']): SkillManifest => ({
  skillId,
  version: '1.0.0',
  title: skillId,
  description: skillId,
  effects,
  idempotent: false,
  workspace: 'write',
  resources: { read: [], write: [], urls: [] },
  limits: { wallMs: 60_000, outputBytes: 1_048_576, fileBytes: 1_073_741_824 },
  policies: [],
  inputSchema: { type: 'object' },
  outputSchema: {},
  entrypoint: `skills/${skillId}.ts`,
  codeDigest: DIGEST,
})

const AGENT: AgentManifest = {
  agentId: 'tester',
  version: '1.0.0',
  title: 'tester',
  description: 'tester',
  skills: ['file.write'],
  inputSchema: { type: 'object' },
  entrypoint: 'agents/tester.ts',
  codeDigest: DIGEST,
}

export const ACTION: Action = {
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
  resources: { read: [], write: ['/srv/a'], hosts: ['example.org'] },
}
export const SCOPE = { read: [], write: ['/srv'], hosts: ['example.org'] }
const JUDGED = {
  scope: SCOPE,
  declaredSkills: ['file.write'],
  run: { actions: 0, deniedInARow: 0, failedInARow: 0, taints: [], spent: [], planFindings: [] },
}
export const ALLOWED = { verdict: 'allow', score: 100, reasons: [], constitution: CONSTITUTION } as const
const TERMS = { quorum: 2, expiresMinutes: 60, useWithinMinutes: 30, batchMax: 3 }
const REASON = { article: '7', rule: 'heed', severity: 'HIGH', message: 'people decide' } as const
export const ASKED = {
  verdict: 'review',
  score: 80,
  reasons: [REASON],
  constitution: CONSTITUTION,
  review: TERMS,
} as const
export const REVIEW = '0c000000-0000-4000-8000-000000000001'
const OUTPUTS = { ok: true }

let nonces = 0

/** The verdict on an action; with permission unless it is changed. */
export function verified(
  change: Partial<EntryPayload<'action.verified'>> = {},
  action: Action = change.action ?? ACTION,
): Written {
  nonces += 1
  const permission = {
    actionDigest: digestOf(action),
    expiresAt: '2026-01-01T00:30:00.000Z',
    nonce: nonces.toString(16).padStart(32, '0'),
    audience: 'local/instance-1',
  }
  const payload = { action, result: ALLOWED, judged: JUDGED, permission, ...change }
  return { kind: 'action.verified', payload: JSON.parse(JSON.stringify(payload)) }
}
export const started = (action: Action = ACTION): Written => ({
  kind: 'action.started',
  payload: { stepId: action.stepId, actionDigest: digestOf(action), attempt: 1 },
})
export const finished = (node = 'local', action: Action = ACTION): Written => ({
  kind: 'action.finished',
  payload: {
    stepId: action.stepId,
    actionDigest: digestOf(action),
    outcome: {
      state: 'succeeded',
      output: { written: 5 },
      outputDigest: digestOf({ written: 5 }),
      durationMs: 1,
      log: '',
      node,
      isolation: 'none',
    },
  },
})

export const requested = (change: Partial<EntryPayload<'review.requested'>> = {}): Written => ({
  kind: 'review.requested',
  payload: {
    reviewId: REVIEW,
    stepId: 'write',
    cause: 'verdict',
    actionDigest: digestOf(ACTION),
    reasons: [REASON],
    terms: TERMS,
    expiresAt: '2026-01-01T01:00:00.000Z',
    ...change,
  },
  to: 'awaiting_review',
})

/** A person's decision. */
export interface Decided {
  decision?: ReviewDecision
  batch?: number
  at?: string
  statement?: Record<string, unknown>
  payload?: Record<string, unknown>
  to?: Written['to']
}

export function decided(actor: string, key: Signer, change: Decided = {}): Written {
  const { decision = 'approve', batch, at = '2026-01-01T00:00:10.000Z' } = change
  const about = { reviewId: REVIEW, actionDigest: digestOf(ACTION), decision }
  const statement = {
    type: 'azora.review.v1',
    ...about,
    decider: actor,
    at,
    ...(batch !== undefined && { batch }),
    ...change.statement,
  }
  const signed = signStatement(statement, key)
  const { type: _, decider: __, at: ___, batch: ____, inputDigest: _____, ...told } = { inputDigest: '', ...statement }
  return {
    kind: 'review.decided',
    actor,
    payload: { stepId: 'write', ...told, signed, ...change.payload },
    ...(change.to && { to: change.to }),
  }
}

const SPEC = {
  runId: RUN,
  agentId: 'tester',
  agentVersion: '1.0.0',
  tenant: 'default',
  owner: 'user:owner',
  input: { wanted: 'a file' },
  scope: SCOPE,
  priority: 5,
  budget: { actions: 200, turns: 50 },
  createdAt: '2026-01-01T00:00:00.000Z',
}

/** A log with a law, two reviewers and the code, in which no run has begun. */
export function preludeLog(log: TestLog = createLog()): { log: TestLog; alice: Signer; bob: Signer } {
  log.activate(LAW)
  const alice = log.person('user:alice')
  const bob = log.person('user:bob')
  log.register(skill('file.write', ['write']))
  log.register(AGENT)
  return { log, alice, bob }
}

/** Adds a run that did these things and succeeded. */
export function addRun(log: TestLog, deeds: readonly Written[]): TestLog {
  const run = { run: RUN }
  log.add({ kind: 'run.scheduled', payload: { spec: SPEC }, to: 'scheduled', actor: 'user:owner', ...run })
  log.add({ kind: 'run.started', payload: {}, to: 'running', ...run })
  for (const deed of deeds) log.add({ ...run, ...deed })
  log.add({ kind: 'agent.concluded', payload: { turn: 1, goal: 'reached', outputs: OUTPUTS }, ...run })
  log.add({ kind: 'run.validated', payload: { result: ALLOWED, outputs: OUTPUTS }, to: 'validated', ...run })
  log.add({ kind: 'run.succeeded', payload: {}, to: 'success', ...run })
  return log
}

/** A log of one run that did these things. */
export function logOf(make: (people: { alice: Signer; bob: Signer }) => readonly Written[]): TestLog {
  const { log, ...people } = preludeLog()
  return addRun(log, make(people))
}

/** What happens when people are asked about the action, and two of them allow it. */
export const allowedByPeople = ({ alice, bob }: { alice: Signer; bob: Signer }): Written[] => [
  verified({ result: ASKED as never, permission: undefined }),
  requested(),
  decided('user:alice', alice),
  decided('user:bob', bob, { to: 'running' }),
  verified({ result: { ...ASKED, verdict: 'allow' } as never, reviewId: REVIEW }),
  started(),
  finished(),
]
