import {
  type Action,
  AdmissionLimits,
  type Amounts,
  amountsOf,
  type Entry,
  isTerminal,
  RUN_START,
} from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { childOf, childSpecOf } from '../children/child.ts'
import { useOf } from '../children/use.ts'
import { foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { hasEnded } from '../fold/step-state.ts'
import { mostOf, sumOf } from './amounts.ts'
import { createBudgets } from './budgets.ts'
import { createLedger } from './ledger.ts'
import { holdFor, type Room } from './reserve.ts'

const AT = '2026-11-28T12:00:00.000Z'
const ROOT = '019ace00-0000-7000-8000-000000000000'
const STEPS = ['x', 'y', 'c', 'd']
const ALLOWED = { timeMs: 9_000, tokens: 1_000, USD: 500 }
const isChild = (step: string): boolean => step === 'c' || step === 'd'

interface Waiting {
  run: string
  action: Action
  room: Room
}

/** A run with its children, as the log holds them, and what their actions took in truth. */
function family() {
  const logs = new Map<string, Entry[]>()
  const took = new Map<string, Amounts>()
  let waiting: Waiting[] = []
  let index = 0
  const open = () =>
    createBudgets(
      createLedger({ used: [], open: [] }),
      () => AdmissionLimits.parse({}),
      () => Date.parse(AT),
    )
  let budgets = open()
  const fold = (run: string): RunFold => foldRun(logs.get(run) ?? []) as RunFold
  const add = (run: string, kind: string, payload: object, transition?: object): void => {
    const header = { kind, run, tenant: 'acme', actor: 'user:owner', at: AT, index: index++, transition }
    logs.set(run, [...(logs.get(run) ?? []), { header, payload } as never])
  }
  function begin(run: string, rest: object): void {
    const base = { runId: run, agentId: 'a', agentVersion: '1.0.0', tenant: 'acme', owner: 'user:owner', input: {} }
    const spec = { ...base, scope: { read: [], write: [], hosts: [] }, priority: 5, createdAt: AT, ...rest }
    add(run, 'run.scheduled', { spec }, { to: 'scheduled' })
    add(run, 'run.started', {}, { from: 'scheduled', to: 'running' })
    const steps = STEPS.map((id) => ({ id, skill: isChild(id) ? RUN_START : 'ask', input: {}, after: [] }))
    add(run, 'plan.proposed', { turn: 0, plan: { steps } })
  }
  const usable = (run: string): boolean => !isTerminal(fold(run).state)

  return {
    fold,
    runs: () => [...logs.keys()],
    /** At most, where it is not known. */
    truth: (): Amounts => sumOf(...took.values()),
    begin: () => begin(ROOT, { budget: { actions: 900, turns: 9, ...limitsOf(ALLOWED) } }),
    hold(run: string, step: string, amount: number): void {
      const state = fold(run).steps.get(step)
      const busy = waiting.some((one) => one.run === run && one.action.stepId === step)
      if (!usable(run) || !state || hasEnded(state) || state.started || busy || (state.permission && !isChild(step)))
        return
      const named = amount % 3 === 0 ? { tokens: amount } : {}
      const cost = { tokens: amount, money: { currency: 'USD', micros: amount >> 1 } }
      const action = {
        ...{ stepId: step, tenant: 'acme', principal: 'agent:a@1.0.0', skillId: isChild(step) ? RUN_START : 'ask' },
        ...(isChild(step)
          ? { input: { agent: 'a', actions: 5, ...named }, limits: { wallMs: 100 } }
          : { input: {}, limits: { wallMs: 100 + amount * 10 }, cost }),
      } as unknown as Action
      const room = holdFor(budgets, fold(run), action)
      if (!('reached' in room)) waiting.push({ run, action, room })
    },
    /** @param isStarted whether the server lives until it is begun */
    record(isStarted: boolean): void {
      const one = waiting.shift()
      if (!one) return
      const { run, action, room } = one
      const { stepId } = action
      if (usable(run)) {
        const result = { verdict: 'allow', reasons: [] }
        const { share } = room
        add(run, 'action.verified', { action, result, permission: { nonce: '' }, ...(share && { share }) })
        if (!isChild(stepId)) took.set(`${run} ${stepId}`, mostOf(action))
        else if (isStarted) {
          add(run, 'action.started', { stepId, attempt: (fold(run).steps.get(stepId)?.attempts ?? 0) + 1 })
          const step = fold(run).steps.get(stepId)
          const spec = step && childSpecOf(fold(run), step)
          if (spec && (spec.parent.depth ?? 0) < 4) begin(spec.runId, spec)
          took.set(`${run} ${stepId}`, { actions: 1 })
        }
      }
      room.release()
    },
    finish(run: string, stepId: string, part: number): void {
      const step = fold(run).steps.get(stepId)
      if (!usable(run) || !step?.permission || hasEnded(step) || isChild(stepId)) return
      const most = took.get(`${run} ${stepId}`) ?? {}
      const of = (name: string): number => Math.floor(((most[name] ?? 0) * part) / 100)
      const cost = { tokens: of('tokens'), money: { currency: 'USD', micros: of('USD') } }
      const outcome = { state: 'succeeded', node: 'n', durationMs: of('timeMs'), cost }
      add(run, 'action.finished', { stepId, actionDigest: '', outcome })
      took.set(`${run} ${stepId}`, { actions: 1, timeMs: of('timeMs'), ...amountsOf(cost) })
    },
    end(run: string): void {
      if (run !== ROOT && usable(run)) add(run, 'run.failed', { error: {} }, { from: 'running', to: 'fail' })
    },
    /** Tells parents of the children that have ended, or were never begun. */
    async tell(): Promise<void> {
      const within = () => ({ readRun: async (id: string) => logs.get(id) ?? [] })
      for (const run of [...logs.keys()].filter(usable))
        for (const step of fold(run).steps.values()) {
          const spec = step.started && !step.child ? childSpecOf(fold(run), step) : undefined
          if (!spec || (logs.has(spec.runId) && usable(spec.runId))) continue
          const used = await useOf({ within } as never, spec)
          const stepId = step.step.id
          add(run, 'child.ended', { stepId, run: childOf(fold(run), step), state: 'fail', ...(used && { used }) })
          const outcome = { state: 'failed', node: 'orchestrator', durationMs: 5 }
          add(run, 'action.finished', { stepId, actionDigest: '', outcome })
        }
    },
    crash(): void {
      waiting = []
      budgets = open()
    },
  }
}

const limitsOf = ({ timeMs, tokens, USD }: typeof ALLOWED) => ({
  timeMs,
  tokens,
  money: { currency: 'USD', micros: USD },
})

const happening = fc.record({
  what: fc.constantFrom('hold', 'hold', 'hold', 'record', 'record', 'lose', 'finish', 'end', 'tell', 'crash'),
  run: fc.nat(20),
  step: fc.constantFrom(...STEPS),
  amount: fc.nat(200),
})

it('a run and its children together never take more than its budget, and it is told what they took', async () => {
  let children = 0
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 40, maxLength: 80, size: 'max' }), async (all) => {
      const { begin, runs, fold, truth, hold, record, finish, end, tell, crash } = family()
      begin()
      const check = (): void => {
        for (const [name, most] of Object.entries(ALLOWED)) expect(truth()[name] ?? 0).toBeLessThanOrEqual(most)
      }
      for (const { what, run: at, step, amount } of all) {
        const run = runs()[at % runs().length] as string
        if (what === 'hold') hold(run, step, amount)
        else if (what === 'record' || what === 'lose') record(what === 'record')
        else if (what === 'finish') finish(run, step, amount / 2)
        else if (what === 'end') end(run)
        else if (what === 'tell') await tell()
        else crash()
        check()
      }
      children += runs().length - 1
      crash()
      for (const run of runs().reverse()) {
        for (const step of STEPS) finish(run, step, 50)
        await tell()
        end(run)
      }
      await tell()
      const own = fold(ROOT).own
      const open = new Set(own?.open.map(({ step }) => step))
      expect([...open].filter((step) => fold(ROOT).steps.get(step)?.started)).toEqual([])
      for (const name of Object.keys(ALLOWED)) {
        expect(own?.used[name] ?? 0).toBeGreaterThanOrEqual(truth()[name] ?? 0)
        expect(own?.used[name] ?? 0).toBeLessThanOrEqual(ALLOWED[name as keyof typeof ALLOWED])
      }
    }),
    { numRuns: 60 },
  )
  expect(children).toBeGreaterThan(40)
})
