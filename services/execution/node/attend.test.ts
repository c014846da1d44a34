import { expect, it } from 'vitest'
import { createNoIsolation } from '../isolation/none.ts'
import { attend } from './attend.ts'

it('ends an action that was cancelled before anybody attended to it', async () => {
  const sandbox = createNoIsolation().launch({ argv: ['/bin/sh', '-c', 'exec sleep 60'] })
  const conclusion = await attend(sandbox, { wallMs: 30_000, outputBytes: 1_000 }, AbortSignal.abort(), () => undefined)
  expect(conclusion).toMatchObject({ error: { code: 'cancelled' }, ending: { by: 'cancel' } })
})
