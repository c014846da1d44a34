import { expect, it } from 'vitest'
import { budgetOf, newUseLimitsOf, runBudgetOf } from './budget-terms.ts'

it('a budget is read as it is typed', () => {
  expect(budgetOf('none')).toBeUndefined()
  expect(budgetOf('day,actions=1000,tokens=5,USD=5.00,time=2h,reached=fail')).toEqual({
    per: 'day',
    actions: 1_000,
    tokens: 5,
    money: { currency: 'USD', micros: 5_000_000 },
    timeMs: 7_200_000,
    onReached: 'fail',
  })
})

it.each([
  '',
  'day',
  'week,actions=1',
  'day,actions=-1',
  'day,actions=1,actions=2',
  'day,USD=1,EUR=2',
  'day,USD=1.0000001',
  'day,time=2',
  'day,reached=later',
  'day,usd=1',
])('%s is no budget', (text) => {
  expect(() => budgetOf(text)).toThrow('is no budget')
})

it.each([
  ['week,time=20h', 'week'],
  ['day,actions=x', 'actions=x'],
  ['day,actions=5,reached=later', 'reached=later'],
  ['day,turns=5', 'turns=5'],
  ['day,foo', 'foo'],
])("of %s it is said that %s can't be", (text, term) => {
  expect(() => budgetOf(text)).toThrow(`--budget ${text} is no budget: ${term} can't be`)
})

it('a second currency, or a second amount, is said to be too much', () => {
  expect(() => runBudgetOf('actions=1,USD=1,EUR=2')).toThrow('is no budget of a run: EUR=2 is one too many')
  expect(() => runBudgetOf('actions=1,USD=1,actions=2')).toThrow('is no budget of a run: actions=2 is one too many')
})

it('a budget of a run is read as it is typed', () => {
  expect(runBudgetOf('actions=20,retries=3,tokens=5,time=10m,USD=0.5')).toEqual({
    ...{ actions: 20, turns: 50, retries: 3, tokens: 5, timeMs: 600_000 },
    money: { currency: 'USD', micros: 500_000 },
  })
})

it.each(['', 'none', 'day,tokens=1', 'actions=0', 'actions=1001', 'tokens=1,tokens=2', 'tokens=-1', 'time=2'])(
  '%s is no budget of a run',
  (text) => {
    expect(() => runBudgetOf(text)).toThrow('is no budget of a run')
  },
)

it('what a run may use altogether is read as it is typed', () => {
  expect(newUseLimitsOf('tokens=5,USD=0.5,reached=fail')).toEqual({
    ...{ tokens: 5, onReached: 'fail' },
    money: { currency: 'USD', micros: 500_000 },
  })
  for (const text of ['', 'none', 'actions=20', 'turns=5', 'tokens=1,tokens=2', 'USD=1,EUR=1', 'time=2'])
    expect(() => newUseLimitsOf(text)).toThrow('nothing that can be set')
})
