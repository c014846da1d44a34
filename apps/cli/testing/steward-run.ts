import type { AgentManifest } from '@azora/contracts'
import { CONSTITUTION, skill } from '@azora/evidence/testing'
import { digestOf } from '@azora/proof'
import { createTestLog, RUN, type TestLog } from './log.ts'

const DIGEST = 'a'.repeat(64)
const RESOURCES = { read: ['/srv/app'], write: [], hosts: [] }

const action = (stepId: string, skillId: string, effects: string[]) => ({
  runId: RUN,
  stepId,
  tenant: 'default',
  principal: 'agent:repo-steward@1.0.0',
  owner: 'user:owner',
  skillId,
  skillVersion: '1.0.0',
  codeDigest: DIGEST,
  input: { repository: '/srv/app' },
  effects,
  workspace: 'write',
  resources: RESOURCES,
})

const allowed = { verdict: 'allow', score: 100, reasons: [], constitution: CONSTITUTION }
const denied = {
  verdict: 'deny',
  score: 75,
  reasons: [
    {
      article: '4',
      rule: 'destructive',
      severity: 'CRITICAL',
      message: 'no agent destroys what it cannot restore',
      remedy: 'Propose a branch instead.',
    },
  ],
  constitution: CONSTITUTION,
}
const outcome = {
  state: 'succeeded',
  output: {},
  outputDigest: digestOf({}),
  durationMs: 1234,
  log: '',
  node: 'local',
  isolation: 'bubblewrap',
}

const STEWARD: AgentManifest = {
  agentId: 'repo-steward',
  version: '1.0.0',
  title: 'repo-steward',
  description: 'repo-steward',
  skills: ['git.clone', 'git.rewrite-branch'],
  inputSchema: { type: 'object' },
  entrypoint: 'agents/repo-steward.ts',
  codeDigest: DIGEST,
}

/** The journal of a run of `repo-steward` up to its last step: one action done, one denied. */
export function stewardRun(): TestLog {
  const log = createTestLog()
  log.register(skill('git.clone', ['read']))
  log.register(skill('git.rewrite-branch', ['destructive']))
  log.register(STEWARD)
  const clone = action('clone', 'git.clone', ['read'])
  const actionDigest = digestOf(clone)
  const permission = {
    actionDigest,
    expiresAt: '2026-01-01T00:10:00.000Z',
    nonce: 'd'.repeat(32),
    audience: 'local/instance-1',
  }
  const spec = {
    runId: RUN,
    agentId: 'repo-steward',
    agentVersion: '1.0.0',
    tenant: 'default',
    owner: 'user:owner',
    input: { repository: '/srv/app' },
    scope: RESOURCES,
    priority: 5,
    budget: { actions: 200, turns: 50 },
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  log.add('run.scheduled', { spec }, 'scheduled')
  log.add('run.started', {}, 'running')
  log.add('plan.proposed', {
    turn: 0,
    note: 'clone it',
    plan: { steps: [{ id: 'clone', skill: 'git.clone', input: {}, after: [] }] },
  })
  log.add('action.verified', { action: clone, result: allowed, permission })
  log.add('action.finished', { stepId: 'clone', actionDigest, outcome })
  log.add('plan.proposed', {
    turn: 1,
    plan: { steps: [{ id: 'rewrite', skill: 'git.rewrite-branch', input: {}, after: [] }] },
  })
  log.add('action.verified', { action: action('rewrite', 'git.rewrite-branch', ['destructive']), result: denied })
  return log
}

/** The same run to its end. */
export function endedStewardRun(): TestLog {
  const log = stewardRun()
  const outputs = {
    repository: '/srv/app',
    branch: `azora/${RUN}`,
    commit: 'e'.repeat(40),
    tests: { state: 'failed', command: 'npm test' },
    marks: [{ text: 'TODO' }, { text: 'FIXME' }],
    largeFiles: [],
    secrets: [{}],
    pushed: true,
  }
  log.add('agent.concluded', { turn: 2, goal: 'reached', outputs, summary: 'wrote a report' })
  log.add('run.validated', { result: allowed, outputs }, 'validated')
  log.add('run.succeeded', {}, 'success')
  return log
}
