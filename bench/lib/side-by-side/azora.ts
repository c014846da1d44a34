/**
 * Azora in the side-by-side benchmark: server and node as `azora up` starts them, under the constitution that they come with,
 * and the load from this process over HTTP with a token. A request is answered when its run has ended.
 */
import { parseArgs } from 'node:util'
import { startAzora } from '../azora-server.ts'
import { contest } from '../contest.ts'
import { createPost } from '../http-post.ts'

const SOCKETS_MAX = 1_024

const { values } = parseArgs({ options: { capacity: { type: 'string', default: '64' } } })
const server = await startAzora(['--capacity', values.capacity])
const post = createPost(server.url, { authorization: `Bearer ${server.token}`, prefer: 'wait=60' }, SOCKETS_MAX)

const step = (id: string, ...after: string[]) => ({ id, skill: 'text.measure', input: { text: 'one' }, after })
const PLAN = { plan: { steps: [step('first'), step('second', 'first'), step('third', 'second')] } }

async function run(): Promise<void> {
  const { status, text } = await post('/api/v1/orchestrator/plan', PLAN)
  if (status !== 200 || JSON.parse(text).outputs?.third?.words !== 1) throw new Error(`it ended with ${status} ${text}`)
}

await contest(run, server.stop)
