import { randomUUID } from 'node:crypto'
import type { Action, PerformRequest, StatedLimits } from '@azora/contracts'
import { createFrames } from '../dispatch/frames.ts'
import { allowing, type TestLog } from './log.ts'

/** An action without resources; name what matters to the case. */
export const anAction = (changes: Partial<Action> = {}): Action => ({
  runId: randomUUID(),
  stepId: 'step-1',
  tenant: 'default',
  principal: 'agent:tester',
  owner: 'user:owner',
  skillId: 'test.play',
  skillVersion: '1.0.0',
  codeDigest: 'd'.repeat(64),
  input: { text: 'hello' },
  effects: ['write'],
  workspace: 'write',
  resources: { read: [], write: [], hosts: [] },
  ...changes,
})

/** What a dispatcher is asked for an action that the log permits. */
export const permitted = (
  log: TestLog,
  asked: Action,
  { entrypoint = 'skills/play.skill.ts', limits }: { entrypoint?: string; limits?: StatedLimits } = {},
): Omit<PerformRequest, 'type' | 'id'> => {
  const action = limits ? { ...asked, limits } : asked
  return {
    action,
    entrypoint,
    idempotencyKey: `${action.runId}:${action.stepId}`,
    receipt: log.commit({ payload: allowing(action) }),
  }
}

/** The message in which a request travels by itself. */
export function framed(request: PerformRequest): string {
  const sent: string[] = []
  const { add, flush } = createFrames((text) => sent.push(text), Number.POSITIVE_INFINITY)
  add(request)
  flush()
  return sent.join()
}
