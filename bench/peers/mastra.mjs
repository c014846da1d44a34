/**
 * Mastra as its documentation has it for production: `PostgresStore` as the storage, over a pool of 20 connections, and the
 * workflow run in the server's process. Its observability is off, which favours it.
 */
import { Mastra } from '@mastra/core'
import { createStep, createWorkflow } from '@mastra/core/workflows'
import { PostgresStore } from '@mastra/pg'
import pg from 'pg'
import { z } from 'zod'
import { contest } from '../lib/contest.ts'

const Count = z.object({ count: z.number() })
const step = (id) =>
  createStep({
    id,
    inputSchema: Count,
    outputSchema: Count,
    execute: async ({ inputData }) => ({ count: inputData.count + 1 }),
  })
const threeSteps = createWorkflow({ id: 'three-steps', inputSchema: Count, outputSchema: Count })
  .then(step('first'))
  .then(step('second'))
  .then(step('third'))
  .commit()
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 })
const mastra = new Mastra({
  workflows: { threeSteps },
  storage: new PostgresStore({ id: 'bench', pool }),
  logger: false,
})
const workflow = mastra.getWorkflow('threeSteps')

async function run() {
  const started = await workflow.createRun()
  const result = await started.start({ inputData: { count: 0 } })
  if (result.status !== 'success' || result.result.count !== 3) throw new Error(`it ended as ${JSON.stringify(result)}`)
}

await contest(run)
