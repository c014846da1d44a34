import { uuidv7 } from '@azora/base'
import type { RunSpec } from '@azora/contracts'
import type { Draft } from '@azora/journal'

const DIGEST = 'c'.repeat(64)
const WHO = { tenant: 'default', actor: 'system:orchestrator' }

/** What a run of one turn and one stateful action asks the journal to remember: ten entries. */
export function runDrafts(at: number): Draft[] {
  const run = uuidv7(Date.now())
  const of = <K extends Draft['kind']>(
    kind: K,
    payload: Draft<K>['payload'],
    more: Pick<Draft, 'transition' | 'key'> = {},
  ): Draft => ({ ...WHO, run, kind, payload, ...more }) as Draft
  const spec: RunSpec = {
    runId: run,
    agentId: 'tester',
    agentVersion: '1.0.0',
    tenant: 'default',
    owner: 'user:owner',
    input: { path: `notes/${at}.txt`, text: `The text of note ${at}, as long as such texts are.` },
    scope: { read: ['/srv/app'], write: ['/srv/app'], hosts: [] },
    priority: 5,
    budget: { actions: 200, turns: 50 },
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  const input = { path: spec.input.path as string, content: spec.input.text as string }
  const actionDigest = `${at}`.padStart(64, '0')
  const about = { stepId: 'write', actionDigest }
  const result = { verdict: 'allow' as const, score: 100, reasons: [], constitution: DIGEST }
  return [
    of('run.scheduled', { spec }, { transition: { to: 'scheduled' }, key: `schedule:${run}` }),
    of('run.started', {}, { transition: { from: 'scheduled', to: 'running' } }),
    of('agent.recognized', { pattern: { what: 'note', at } }),
    of('plan.proposed', { turn: 0, plan: { steps: [step(input)] } as never, note: 'Write the note.' }),
    of('action.verified', verified(run, input, actionDigest) as never),
    of('action.started', { ...about, attempt: 1 }, { key: `started:${run}:write:1` }),
    of('action.finished', finished(about) as never),
    of('agent.concluded', { turn: 1, goal: 'reached', outputs: { bytes: 50 }, summary: 'The note is written.' }),
    of('run.validated', { result, outputs: { bytes: 50 } }, { transition: { from: 'running', to: 'validated' } }),
    of('run.succeeded', {}, { transition: { from: 'validated', to: 'success' } }),
  ]
}

const step = (input: object): object => ({
  id: 'write',
  skill: 'workspace.write-file',
  input,
  needs: [],
  reason: 'To keep it.',
})

const verified = (run: string, input: object, actionDigest: string): object => ({
  action: {
    runId: run,
    stepId: 'write',
    tenant: 'default',
    principal: 'agent:tester@1.0.0',
    owner: 'user:owner',
    skillId: 'workspace.write-file',
    skillVersion: '1.0.0',
    codeDigest: DIGEST,
    input,
    effects: ['write'],
    workspace: 'write',
    resources: { read: [], write: ['/srv/app'], hosts: [] },
  },
  result: { verdict: 'allow', score: 100, reasons: [], constitution: DIGEST },
  permission: { actionDigest, expiresAt: '2026-01-01T00:01:00.000Z', nonce: '0'.repeat(32) },
})

const finished = (about: object): object => ({
  ...about,
  outcome: {
    state: 'succeeded',
    output: { bytes: 50 },
    outputDigest: DIGEST,
    durationMs: 12,
    log: '',
    node: 'local',
    isolation: 'bubblewrap',
  },
})
