import { EventEmitter } from 'node:events'
import { silentLog, systemClock } from '@azora/base'
import type { FromNode, Outcome, PerformRequest } from '@azora/contracts'
import { expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { anAction, framed } from '../testing/requests.ts'
import { createSession } from './session.ts'

class Socket extends EventEmitter {
  readonly OPEN = 1
  readonly readyState = 1
  readonly said: FromNode[] = []
  send(text: string): void {
    this.said.push(JSON.parse(text))
  }
}

it('answers a request once, however often it is heard while it is under way', async () => {
  const socket = new Socket()
  const carriedOut: string[] = []
  let end: (outcome: Outcome) => void = () => {}
  createSession(
    {
      permit: () => undefined,
      journal: { follow: () => undefined },
      carryOut: ({ id }) => {
        carriedOut.push(id)
        return new Promise((resolve) => {
          end = resolve
        })
      },
      isolation: { describe: () => 'none' },
      node: 'test',
      instance: 'instance-1',
      shard: 'main',
      capacity: 2,
      version: '0.1.0',
      clock: systemClock,
      log: silentLog,
    },
    socket as unknown as WebSocket,
  )
  const request: PerformRequest = {
    type: 'perform',
    id: 'one',
    action: anAction({}),
    entrypoint: 'skills/test.ts',
    idempotencyKey: 'run:step',
  }
  for (let times = 0; times < 3; times += 1) socket.emit('message', Buffer.from(framed(request)))
  end({ state: 'succeeded', durationMs: 1, log: '', node: 'test', isolation: 'none' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(carriedOut).toEqual(['one'])
  expect(socket.said).toMatchObject([{ type: 'outcome', id: 'one' }])
})
