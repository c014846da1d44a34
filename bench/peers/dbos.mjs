/**
 * DBOS Transact as its documentation has it for production: PostgreSQL as the system database, workflows called in the
 * application's process, each step checkpointed. The pool is twice the default of 10, as for the others.
 */
import { DBOS } from '@dbos-inc/dbos-sdk'
import { contest } from '../lib/contest.ts'

const step = (count, name) => DBOS.runStep(async () => count + 1, { name })
const threeSteps = DBOS.registerWorkflow(
  async (count) => step(await step(await step(count, 'first'), 'second'), 'third'),
  { name: 'three-steps' },
)
DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: process.env.DATABASE_URL,
  systemDatabasePoolSize: 20,
  runAdminServer: false,
  logLevel: 'error',
})
await DBOS.launch()

async function run() {
  if ((await threeSteps(0)) !== 3) throw new Error('it counted wrongly')
}

await contest(run, () => DBOS.shutdown())
