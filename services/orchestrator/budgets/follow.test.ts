import { silentLog } from '@azora/base'
import type { Entry } from '@azora/contracts'
import { expect, it } from 'vitest'
import { followLedger } from './follow.ts'

/** Runs that nobody has begun: nothing of them counts for a budget. */
const scheduled = (index: number): Entry =>
  ({
    header: {
      shard: 's',
      index,
      at: '2026-11-28T00:00:00.000Z',
      kind: 'run.scheduled',
      tenant: 'default',
      run: `run-${index}`,
    },
    payload: { spec: {} },
  }) as unknown as Entry

function open(size: number) {
  const read: number[] = []
  let kept = 0
  const deps = {
    journal: {
      status: () => ({ shard: 's', size }),
      subscribe: () => () => undefined,
      async read(from: number, count: number) {
        read.push(from)
        return Array.from({ length: count }, (_, at) => scheduled(from + at))
      },
    },
    store: {
      load: async () => ({ next: kept, used: [], open: [] }),
      async keep(_shard: string, next: number) {
        kept = next
      },
    },
    clock: { after: () => ({ cancel: () => undefined }) },
    log: silentLog,
  } as unknown as Parameters<typeof followLedger>[0]
  return { deps, read }
}

it('keeps how far it has read, though nothing counted for a budget', async () => {
  const { deps, read } = open(5_000)
  await (await followLedger(deps)).stop()
  expect(read).toEqual([0, 2_000, 4_000])
  await (await followLedger(deps)).stop()
  expect(read).toHaveLength(3)
})
