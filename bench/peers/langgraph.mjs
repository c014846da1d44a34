/**
 * LangGraph as its documentation has it for production: `PostgresSaver` over a pool of 20 connections. Each checkpoint is
 * durable before the next step starts (`durability: 'sync'`), as it is for the others; the default, `async`, doesn't promise it.
 */
import { randomUUID } from 'node:crypto'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import pg from 'pg'
import { contest } from '../lib/contest.ts'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 })
const checkpointer = new PostgresSaver(pool)
await checkpointer.setup()
const step = ({ count }) => ({ count: count + 1 })
const graph = new StateGraph(Annotation.Root({ count: Annotation() }))
  .addNode('first', step)
  .addNode('second', step)
  .addNode('third', step)
  .addEdge(START, 'first')
  .addEdge('first', 'second')
  .addEdge('second', 'third')
  .addEdge('third', END)
  .compile({ checkpointer })

async function run() {
  const { count } = await graph.invoke({ count: 0 }, { configurable: { thread_id: randomUUID() }, durability: 'sync' })
  if (count !== 3) throw new Error('it counted wrongly')
}

await contest(run)
