import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

const never = new AbortController().signal

it('gives so many turns of a kind, and the others in their order', async () => {
  const turns = createTurns(2)
  const order: number[] = []
  const [first, second] = [await turns.take('a', never), await turns.take('a', never)]
  const waiting = [3, 4].map((number) =>
    turns.take('a', never).then((giveBack) => {
      order.push(number)
      return giveBack
    }),
  )
  // Another kind has turns of its own.
  expect(await turns.take('b', never)).toBeDefined()
  expect(order).toEqual([])
  second?.()
  await waiting[0]
  expect(order).toEqual([3])
  first?.()
  await waiting[1]
  expect(order).toEqual([3, 4])
})

it('is left by whoever is told to stop waiting, who takes no turn from others', async () => {
  const turns = createTurns(1)
  const giveBack = await turns.take('a', never)
  const gone = new AbortController()
  const left = turns.take('a', gone.signal)
  const next = turns.take('a', never)
  gone.abort()
  expect(await left).toBeUndefined()
  expect(await turns.take('a', gone.signal)).toBeUndefined()
  giveBack?.()
  expect(await next).toBeDefined()
})
