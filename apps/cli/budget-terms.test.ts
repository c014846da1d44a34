import { expect, it } from 'vitest'
import { budgetOf } from './budget-terms.ts'

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
