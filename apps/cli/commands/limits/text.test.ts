import { AdmissionLimits, type BudgetView } from '@azora/contracts'
import { expect, it } from 'vitest'
import { budgetsText } from '../../output/budgets.ts'
import { createStyle } from '../../output/style.ts'
import { limitsText } from './text.ts'

const plain = createStyle(false)

it('limits are named in order, whatever was set last', () => {
  const limits = AdmissionLimits.parse({
    tenants: { b: { weight: 2 }, a: { rate: { runs: 5, seconds: 60, burst: 9 } } },
    agents: { y: { concurrency: 2 }, x: { concurrency: 1 } },
  })
  expect(`\n${limitsText(plain, { limits })}\n`).toMatchInlineSnapshot(`
    "
    of            weight  at one time  may wait  rate
    every tenant                       1000000
    tenant a                                     5 in 60 s, 9 at once
    tenant b      2
    agent x               1
    agent y               2
    2000000 may wait in all; one priority higher after 60 s
    nobody has set them
    "
  `)
})

it('budgets say times as people do', () => {
  const budget: BudgetView = {
    of: 'tenant:a',
    period: '2026-11',
    budget: { per: 'month', timeMs: 72_000_000, onReached: 'fail' },
    used: { actions: 39, timeMs: 80_100 },
    reserved: { actions: 1, timeMs: 1_500 },
  }
  expect(budgetsText(plain, [budget])).toMatchInlineSnapshot(`
    "

    budget of  period   may use  used                reserved        when reached
    tenant a   2026-11  20h 00m  39 actions, 1m 20s  1 action, 1.5s  fail"
  `)
})
