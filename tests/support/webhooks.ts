import type { RunSpec } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { newRunId, schedule } from './journal.ts'

/** What stands in the payloads of {@link aRun}. */
export const PLANTED = 'planted-in-a-payload'

/** A run of three entries that receivers can be told; answers its id. */
export async function aRun(
  journal: Pick<Journal, 'append'>,
  { agentId = 'tester', tenant = 'default' }: Partial<Pick<RunSpec, 'agentId' | 'tenant'>> = {},
): Promise<string> {
  const run = newRunId()
  const draft = schedule(run)
  const spec = { ...draft.payload.spec, agentId, tenant, input: { text: PLANTED } }
  await journal.append({ ...draft, tenant, payload: { spec } })
  const about = { tenant, actor: 'user:owner', run }
  await journal.append({ ...about, kind: 'run.started', payload: {}, transition: { from: 'scheduled', to: 'running' } })
  await journal.append({
    ...about,
    kind: 'run.failed',
    payload: { error: { code: 'broken', message: PLANTED } },
    transition: { from: 'running', to: 'fail' },
  })
  return run
}
