/**
 * Azora in the side-by-side benchmark: server and node as `azora up` starts them, under the constitution that they come with,
 * and the load from this process over HTTP with a token. A request is answered when its run has ended.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startAzora } from '../azora-server.ts'
import { checkoutWith } from '../checkout.ts'
import { contest } from '../contest.ts'
import { createPost } from '../http-post.ts'

const SOCKETS_MAX = 1_024

const { values } = parseArgs({ options: { capacity: { type: 'string', default: '64' } } })
const { main, remove } = await checkoutWith(fileURLToPath(new URL('./next.skill.ts', import.meta.url)))
const server = await startAzora(['--capacity', values.capacity], { main })
const post = createPost(server.url, { authorization: `Bearer ${server.token}`, prefer: 'wait=60' }, SOCKETS_MAX)

const step = (id: string, count: number | { $step: string; $pointer: string }) => ({
  ...{ id, skill: 'bench.next', input: { count } },
})
const countOf = ($step: string) => ({ $step, $pointer: '/count' })
const PLAN = { plan: { steps: [step('first', 0), step('second', countOf('first')), step('third', countOf('second'))] } }

async function run(): Promise<void> {
  const { status, text } = await post('/api/v1/orchestrator/plan', PLAN)
  if (status !== 200 || JSON.parse(text).outputs?.third?.count !== 3) throw new Error(`it ended with ${status} ${text}`)
}

await contest(run, async () => {
  await server.stop()
  await remove()
})
