import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

/** People are asked before money is spent (Article 5): a run that performs it waits for them. */
export default defineSkill({
  skillId: 'bench.pay',
  version: '1.0.0',
  title: 'Pay',
  description: 'Spends money, or would.',
  input: z.strictObject({ amount: z.int(), currency: z.string() }),
  output: z.strictObject({}),
  effects: ['spend'],
  resources: { spend: [{ amount: '/amount', currency: '/currency' }] },
  idempotent: true,
  workspace: 'none',
  run: () => ({}),
})
