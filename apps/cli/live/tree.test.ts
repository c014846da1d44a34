import { expect, test } from 'vitest'
import { createStyle } from '../output/style.ts'
import { createTestLog, RUN, type TestLog } from '../testing/log.ts'
import { endedStewardRun, stewardRun } from '../testing/steward-run.ts'
import { applyEntry } from './fold.ts'
import { newRunView, type RunView } from './run-view.ts'
import { runTree } from './tree.ts'

const DIGEST = 'c'.repeat(64)
const REVIEW = '01920000-0000-7000-8000-0000000000aa'

function viewOf({ entries }: TestLog, count = entries.length): RunView {
  const view = newRunView(RUN)
  for (const entry of entries.slice(0, count)) applyEntry(view, entry)
  return view
}

const plain = { style: createStyle(false), columns: 100, spinner: '⠙', nowMs: Date.UTC(2026, 0, 1, 0, 0, 10) }
const drawn = (log: TestLog, count?: number): string => `\n${runTree(viewOf(log, count), plain)}\n`

test('an agent that reasons', () => {
  expect(drawn(stewardRun(), 2)).toMatchInlineSnapshot(`
    "
    run  01920000-0000-7000-8000-000000000001  repo-steward  running  10.0s
      ⠙ the agent reasons
    "
  `)
})

test('a step at work', () => {
  expect(drawn(stewardRun(), 4)).toMatchInlineSnapshot(`
    "
    run  01920000-0000-7000-8000-000000000001  repo-steward  running  10.0s
      turn 1  clone it
        ⠙ git.clone           allow 100   read         8.5s
    "
  `)
})

test('a step done and one denied', () => {
  expect(drawn(stewardRun())).toMatchInlineSnapshot(`
    "
    run  01920000-0000-7000-8000-000000000001  repo-steward  running  10.0s
      turn 1  clone it
        ✓ git.clone           allow 100   read         1.2s
      turn 2
        ✗ git.rewrite-branch  deny 75     destructive — Article 4: no agent destroys what it cannot restore
      ⠙ the agent reasons
    "
  `)
})

test('a run that ended counts no further', () => {
  expect(drawn(endedStewardRun()).split('\n')[1]).toBe(`run  ${RUN}  repo-steward  success  4.5s`)
})

test('a run that waits for people says where to decide', () => {
  const log = stewardRun()
  const review = { reviewId: REVIEW, stepId: 'rewrite', cause: 'verdict', actionDigest: DIGEST, reasons: [] }
  log.add('review.requested', review, 'awaiting_review')
  expect(drawn(log)).toMatchInlineSnapshot(`
    "
    run  01920000-0000-7000-8000-000000000001  repo-steward  awaiting_review  10.0s
      turn 1  clone it
        ✓ git.clone           allow 100   read         1.2s
      turn 2
        ? git.rewrite-branch  deny 75     destructive  awaits review
      ? waits for people: azora review list
    "
  `)
})

test('a review that people denied denies the step, and cancelling ends what is open', () => {
  const log = stewardRun()
  log.add('plan.proposed', { turn: 2, plan: { steps: [{ id: 'one', skill: 'repo.scan', input: {}, after: [] }] } })
  log.add('review.decided', { reviewId: REVIEW, stepId: 'clone', decision: 'deny', actionDigest: DIGEST })
  log.add('run.cancelled', {}, 'cancelled')
  const states = viewOf(log).turns.flatMap(({ steps }) => steps.map(({ stepId, state }) => [stepId, state]))
  expect(states).toEqual([
    ['clone', 'denied'],
    ['rewrite', 'denied'],
    ['one', 'cancelled'],
  ])
})

test('who cancelled it, and why', () => {
  const log = stewardRun()
  log.add('run.cancel_requested', { reason: 'too slow' })
  log.add('run.cancelled', {}, 'cancelled')
  expect(drawn(log)).toContain(`✗ asked for by ${log.entries.at(-2)?.header.actor}: too slow\n`)
})

test("a node's refusal fails the step with its reason", () => {
  const log = stewardRun()
  const error = { code: 'proof_expired', message: 'the permission has expired' }
  log.add('action.refused', { stepId: 'clone', actionDigest: DIGEST, node: 'local', error })
  const view = viewOf(log)
  expect(view.refusals).toBe(1)
  expect(drawn(log)).toContain('failed — the permission has expired')
})

test('erased payloads leave the states', () => {
  const log = endedStewardRun()
  for (const entry of log.entries) {
    delete entry.payload
    delete entry.salt
  }
  expect(viewOf(log)).toMatchObject({ state: 'success', turns: [] })
})

test("text of others can't steer the terminal", () => {
  const log = stewardRun()
  const error = { code: 'bad', message: 'red \u001b[31mherring\u001b]0;title\u0007 \u202egnp\r\nsecond line' }
  const outcome = { state: 'failed', error, durationMs: 1, log: '', node: 'local', isolation: 'bubblewrap' }
  log.add('action.finished', { stepId: 'clone', actionDigest: DIGEST, outcome })
  const text = drawn(log)
  for (const control of ['\u001b', '\u0007', '\u202e', '\r']) expect(text).not.toContain(control)
  expect(text).toContain('red herring')
})

test('a fork shows the plans that it took over, with what was performed there', () => {
  const { entries } = stewardRun()
  const [first, ...others] = entries
  const taken = others
    .filter(({ header }) => header.kind !== 'run.started')
    .map(({ header, payload }) => ({ header, payload, salt: '0'.repeat(32) }))
  const log = createTestLog()
  log.add('run.scheduled', { ...first?.payload, takenOver: { index: 99, entries: taken.slice(0, -1) } }, 'scheduled')
  log.add('run.started', {}, 'running')
  expect(drawn(log)).toMatchInlineSnapshot(`
    "
    run  01920000-0000-7000-8000-000000000001  repo-steward  running  10.0s
      turn 1  clone it
        ✓ git.clone           allow 100   read         1.2s  taken over
      turn 2
        · git.rewrite-branch
    "
  `)
})
