import { AdmissionLimits, type Entry } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NO_NODE } from '../fold/no-node.ts'
import { chargeOf } from './amounts.ts'
import { createBudgets, type Hold } from './budgets.ts'
import { createLedger, type LedgerChanges } from './ledger.ts'

const AT = '2026-11-28T23:59:00.000Z'
const TOKENS = 1_000
const limits = AdmissionLimits.parse({
  everyTenant: { budget: { per: 'day', tokens: TOKENS } },
  agents: { steward: { budget: { per: 'total', tokens: 700, actions: 9 } } },
})
const empty = (): LedgerChanges => ({ used: [], open: [] })
const actionOf = (run: string, stepId: string, tokens: number) => ({
  stepId,
  tenant: 'acme',
  principal: `agent:${run.length % 2 ? 'steward' : 'other'}@1.0.0`,
  limits: { wallMs: 1_000 },
  cost: { tokens },
  run,
})
let index = 0
const entryOf = (kind: string, run: string, payload: object, transition?: object): Entry =>
  ({
    header: { kind, run, tenant: 'acme', at: AT, index: index++, ...(transition && { transition }) },
    payload,
  }) as never
const verified = (action: ReturnType<typeof actionOf>): Entry =>
  entryOf('action.verified', action.run, { action, permission: { nonce: '' } })
const finished = (run: string, stepId: string, outcome: object): Entry =>
  entryOf('action.finished', run, { stepId, actionDigest: '', outcome })
const open = () => {
  const ledger = createLedger(empty())
  return {
    ledger,
    budgets: createBudgets(
      ledger,
      () => limits,
      () => Date.parse(AT),
    ),
  }
}
const tokensOf = (view: { used: Record<string, number>; reserved: Record<string, number> } | undefined): number =>
  (view?.used.tokens ?? 0) + (view?.reserved.tokens ?? 0)

it('what is settled and reserved never exceeds a budget, whatever comes in whichever order', () => {
  const happening = fc.record({
    run: fc.constantFrom('a', 'bb', 'c', 'dd'),
    step: fc.constantFrom('x', 'y'),
    what: fc.constantFrom('hold', 'hold', 'record', 'drop', 'finish', 'lose', 'end'),
    tokens: fc.nat(400),
    part: fc.integer({ min: 0, max: 100 }),
  })
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), (all) => {
      const { ledger, budgets } = open()
      const held: Array<{ hold: Hold; action: ReturnType<typeof actionOf> }> = []
      for (const { run, step, what, tokens, part } of all) {
        if (what === 'hold') {
          const action = actionOf(run, step, tokens)
          const hold = budgets.hold(action)
          if ('release' in hold) held.push({ hold, action })
        } else if (what === 'record' || what === 'drop') {
          const one = held.shift()
          if (one && what === 'record') ledger.apply(verified(one.action))
          one?.hold.release()
        } else if (what === 'finish') {
          const most =
            ledger
              .changes()
              .open.find((one) => one.run === run)
              ?.reservations.at(-1)?.most.tokens ?? 0
          const cost = { tokens: Math.floor((most * part) / 100) }
          ledger.apply(finished(run, step, { state: 'succeeded', node: 'n', durationMs: 5, ...(most > 0 && { cost }) }))
        } else if (what === 'end') ledger.apply(entryOf('run.failed', run, {}, { from: 'running', to: 'fail' }))
        for (const view of budgets.views()) {
          expect(tokensOf(view)).toBeLessThanOrEqual(view.budget.tokens ?? 0)
          for (const amount of [...Object.values(view.used), ...Object.values(view.reserved)])
            expect(amount).toBeGreaterThanOrEqual(0)
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('what is confirmed fits the limit of then, whatever was held, used and recorded before, and however often that was set', () => {
  const happening = fc.record({
    what: fc.constantFrom('hold', 'hold', 'hold', 'limit', 'confirm', 'record', 'drop'),
    at: fc.nat(5),
    tokens: fc.nat(400),
  })
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (all) => {
      let allowed = TOKENS
      const ledger = createLedger(empty())
      const set = () => AdmissionLimits.parse({ tenants: { acme: { budget: { per: 'day', tokens: allowed } } } })
      const budgets = createBudgets(ledger, set, () => Date.parse(AT))
      const taken = () => tokensOf(budgets.views()[0])
      const waiting: Array<{ hold: Hold; action: ReturnType<typeof actionOf> }> = []
      const confirmed: typeof waiting = []
      for (const [number, { what, at, tokens }] of all.entries()) {
        if (what === 'limit') allowed = tokens * 3
        else if (what === 'hold') {
          const action = actionOf('bb', `s${number}`, tokens)
          const hold = budgets.hold(action)
          if ('confirm' in hold) waiting.push({ hold, action })
        } else if (what === 'record' || what === 'drop') {
          const [one] = confirmed.splice(at % Math.max(1, confirmed.length), 1)
          if (one && what === 'record') ledger.apply(verified(one.action))
          one?.hold.release()
        } else {
          const [one] = waiting.splice(at % Math.max(1, waiting.length), 1)
          const begun = confirmed.reduce((sum, { action }) => sum + action.cost.tokens, taken())
          const fits = one !== undefined && (one.action.cost.tokens === 0 || begun + one.action.cost.tokens <= allowed)
          expect(one?.hold.confirm() ?? false).toBe(fits)
          if (one && fits) confirmed.push(one)
          else one?.hold.release()
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('settles what an outcome says, keeps what nobody knows, and charges that when the run ends', () => {
  const { ledger, budgets } = open()
  const tenant = () => budgets.views().find(({ of }) => of === 'tenant:acme')
  ledger.apply(verified(actionOf('bb', 'x', 300)))
  expect(tenant()).toMatchObject({ used: {}, reserved: { actions: 1, tokens: 300, timeMs: 1_000 } })
  ledger.apply(finished('bb', 'x', { state: 'succeeded', node: 'n', durationMs: 4.2, cost: { tokens: 120 } }))
  expect(tenant()).toMatchObject({ used: { actions: 1, tokens: 120, timeMs: 5 }, reserved: {} })
  ledger.apply(verified(actionOf('bb', 'y', 200)))
  ledger.apply(finished('bb', 'y', { state: 'cancelled', node: NO_NODE, durationMs: 0 }))
  expect(tenant()?.used).toMatchObject({ actions: 1, tokens: 120 })
  ledger.apply(verified(actionOf('bb', 'z', 200)))
  ledger.apply(entryOf('run.failed', 'bb', {}, { from: 'running', to: 'fail' }))
  expect(tenant()).toMatchObject({ used: { actions: 2, tokens: 320 }, reserved: {} })
})

it.each<[string, object]>([
  ['review.decided', { stepId: 'x', decision: 'deny' }],
  ['review.expired', { stepId: 'x' }],
  ['action.invalid', { stepId: 'x' }],
  ['action.verified', { action: { stepId: 'x' }, result: { verdict: 'deny' } }],
])('charges what nobody knows of when its step is over by %s', (kind, payload) => {
  const { ledger, budgets } = open()
  const tenant = () => budgets.views().find(({ of }) => of === 'tenant:acme')
  for (const step of ['x', 'y']) ledger.apply(verified(actionOf('bb', step, 300)))
  ledger.apply(entryOf(kind, 'bb', payload))
  expect(tenant()).toMatchObject({ used: { actions: 1, tokens: 300 }, reserved: { actions: 1, tokens: 300 } })
  ledger.apply(entryOf('compensation.begun', 'bb', { steps: [] }))
  expect(tenant()).toMatchObject({ used: { actions: 2, tokens: 600 }, reserved: {} })
})

it('is the same when it goes on from what was kept', () => {
  const { ledger } = open()
  ledger.apply(verified(actionOf('bb', 'x', 300)))
  ledger.apply(verified(actionOf('a', 'x', 100)))
  ledger.apply(finished('a', 'x', { state: 'failed', node: 'n', durationMs: 1 }))
  const again = createLedger(structuredClone(ledger.changes()))
  for (const of of ['tenant:acme', 'agent:steward', 'agent:other']) {
    for (const period of ['2026-11-28', '2026-11', 'total']) {
      expect(again.used(of, period)).toEqual(ledger.used(of, period))
      expect(again.reserved(of, period)).toEqual(ledger.reserved(of, period))
    }
  }
})

it('charges the most of what an outcome does not name', () => {
  const most = { actions: 1, timeMs: 1_000, tokens: 9, USD: 7 }
  const outcome = {
    state: 'succeeded',
    node: 'n',
    durationMs: 2_000,
    log: '',
    isolation: '',
    cost: { tokens: 1 },
  } as const
  expect(chargeOf(outcome, most)).toEqual({ actions: 1, timeMs: 1_000, tokens: 1, USD: 7 })
})
