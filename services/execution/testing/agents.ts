/** Source of an agent that behaves as its input says. */
export const AGENT = `
import { spawn } from 'node:child_process'
import { existsSync, writeSync } from 'node:fs'
import { defineAgent } from '@azora/sdk'
import { z } from 'zod'

let asked = 0

export default defineAgent({
  agentId: 'thinker',
  version: '1.0.0',
  title: 'Thinker',
  description: 'Behaves as it is told.',
  skills: [],
  input: z.object({ play: z.string(), text: z.string().default('') }),
  async recognize({ play, text }) {
    asked += 1
    if (play === 'hang') {
      spawn('sleep', [text], { detached: true, stdio: 'ignore' })
      await new Promise(() => setInterval(() => {}, 1_000))
    }
    if (play === 'throw') throw new RangeError('too deep a thought')
    if (play === 'exit') process.exit(4)
    if (play === 'noise') writeSync(1, 'not the protocol\\n')
    if (play === 'forge') writeSync(1, JSON.stringify({ type: 'recognized', id: 'guess', pattern: null }) + '\\n')
    if (play === 'twice') writeSync(1, '{"type":"recognized","id":"a","id":"b","pattern":null}\\n')
    if (play === 'bytes') writeSync(1, Buffer.from([0xff, 0x0a]))
    if (play === 'flood') writeSync(1, 'x'.repeat(5 * 1024 * 1024))
    if (play === 'look') return { seen: text.split(' ').filter((path) => existsSync(path)), env: Object.keys(process.env) }
    return { asked, pid: process.pid }
  },
  reason({ input, pattern, turn, observations }) {
    return { done: { goal: 'reached', outputs: { input, pattern, turn, observations } } }
  },
})
`
