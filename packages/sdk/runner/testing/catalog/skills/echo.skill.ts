import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'

/** Says what it is told and shows, on request, each way in which a skill can end. */
export default defineSkill({
  skillId: 'test.echo',
  version: '1.0.0',
  title: 'Echo',
  description: 'Answers with its input.',
  input: z.strictObject({
    text: z.string().max(100),
    end: z.enum(['well', 'foreseen', 'unforeseen', 'wrong', 'crash', 'lingering']).default('well'),
  }),
  output: z.strictObject({ text: z.string(), stepId: z.string(), workspace: z.string() }),
  effects: ['none'],
  idempotent: true,
  workspace: 'none',
  resources: { read: ['/text'] },
  limits: { wallMs: 5000 },
  async run({ text, end }, { stepId, workspace }) {
    console.log(`log: ${text}`)
    if (end === 'foreseen') throw new SkillError('no_echo', 'there is no echo here')
    if (end === 'unforeseen') throw new TypeError('the walls are missing')
    if (end === 'wrong')
      return { text, stepId, workspace, extra: true } as { text: string; stepId: string; workspace: string }
    if (end === 'crash') process.exit(3)
    if (end === 'lingering') setInterval(() => {}, 1000)
    return { text, stepId, workspace }
  },
})
