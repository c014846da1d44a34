import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'

const kept: unknown[] = []
const zeros = new Uint8Array(1_000_000)

export default defineSkill({
  skillId: 'test.pure',
  version: '1.0.0',
  title: 'Use memory',
  description: 'Uses the memory of its engine in many ways.',
  input: z.strictObject({
    play: z.enum(['nothing', 'remember', 'recurse', 'allocate', 'hole', 'fail', 'regex']),
    size: z.int().min(0),
  }),
  output: z.json(),
  effects: ['none'],
  idempotent: true,
  workspace: 'none',
  driver: 'pure',
  run({ play, size }) {
    if (play === 'remember') kept.push('x'.repeat(size))
    if (play === 'recurse') {
      const deeper = (): number => 1 + deeper()
      try {
        return deeper()
      } catch {
        return 'too deep'
      }
    }
    if (play === 'allocate') return [...Array(size / 100).keys()].map((at) => ({ at })).length
    if (play === 'hole') {
      // In the midst of what was zeros, and behind much that is left untouched.
      zeros[500_000] = 7
      kept.push(new Uint8Array(2_000_000), 'behind it')
    }
    if (play === 'fail') throw new SkillError('no_luck', 'it was not to be')
    if (play === 'regex') return /^(\w+\s?)*$/.test('a word and '.repeat(2_000))
    return kept.length
  },
})
