import { defineAgent } from '@azora/sdk'
import { z } from 'zod'

const gate = Promise.withResolvers<void>()

/** Proposes an echo per turn until it has counted far enough. */
export default defineAgent({
  agentId: 'counter',
  version: '1.0.0',
  title: 'Counter',
  description: 'Counts.',
  skills: ['test.echo'],
  input: z.strictObject({
    upTo: z.int().min(0).default(1),
    bulk: z.int().default(0),
    /** One request waits until another one opens the gate. */
    gate: z.enum(['wait', 'open']).optional(),
  }),
  recognize({ upTo, bulk }) {
    console.log('thinking aloud')
    return { upTo, bulk: 'x'.repeat(bulk) }
  },
  async reason({ input, pattern, turn, observations }) {
    if (input.gate === 'open') gate.resolve()
    if (input.gate === 'wait') await gate.promise
    if (pattern.upTo < 0) throw new RangeError('can not count down')
    if (turn >= pattern.upTo)
      return { done: { goal: 'reached', outputs: observations.map(({ output }) => output ?? null) } }
    return { steps: [{ id: `echo-${turn}`, skill: 'test.echo', input: { text: `${turn}` } }], note: `turn ${turn}` }
  },
})
