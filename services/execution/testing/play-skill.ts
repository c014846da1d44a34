/** Source of a skill that shows, on request, each way in which an action can end. */
export const PLAY_SKILL = `
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { text as allOf } from 'node:stream/consumers'
import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'

const end = (result: unknown): never => {
  writeFileSync(3, typeof result === 'string' ? result : JSON.stringify(result))
  process.exit(0)
}

const textOf = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(process.env.HTTP_PROXY ?? url)
    get({ hostname, port, path: url }, (answer) => resolve(allOf(answer))).on('error', reject)
  })

export default defineSkill({
  skillId: 'test.play',
  version: '1.0.0',
  title: 'Play',
  description: 'Ends as it is told.',
  input: z.object({ play: z.string(), text: z.string().default('') }),
  output: z.json(),
  effects: ['write'],
  idempotent: false,
  workspace: 'write',
  async run({ play, text }, { charge, artifact, keep, ...context }) {
    if (play === 'echo') return { text, context }
    if (play === 'log') console.log('\\u001b[31mto the log\\u001b[0m')
    if (play === 'count') appendFileSync(join(context.workspace, 'count'), 'x')
    if (play === 'read') return readFileSync(text, 'utf8')
    if (play === 'fetch') return await textOf(text)
    if (play.startsWith('charge')) for (const cost of JSON.parse(text)) charge(cost)
    if (play.endsWith('fail')) throw new SkillError('no_luck', 'it was not to be')
    if (play === 'crash') process.exit(9)
    if (play === 'flood') for (;;) writeSync(1, 'x'.repeat(1024))
    if (play === 'long-error') end({ ok: false, error: { code: 'c'.repeat(500), message: 'm'.repeat(50_000) } })
    if (play === 'surrogate') end('{"ok":true,"output":"\\\\ud800"}')
    if (play === 'deep') end('{"ok":true,"output":' + '['.repeat(200_000) + ']'.repeat(200_000) + '}')
    if (play === 'twice') end('{"ok":true,"output":{"a":1,"a":2}}')
    if (play === 'beyond') end('{"ok":true,"output":9007199254740993}')
    if (play === 'garbage') end('{"ok":')
    if (play === 'large') return 'x'.repeat(Number(text))
    if (play === 'wait') {
      writeFileSync(join(context.workspace, 'started'), '')
      while (!existsSync(join(context.workspace, 'go'))) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    if (play === 'hang') {
      spawn('sleep', [text], { detached: true, stdio: 'ignore' })
      writeFileSync(join(context.workspace, 'started'), '')
      await new Promise(() => setInterval(() => {}, 1_000))
    }
    return null
  },
})
`
