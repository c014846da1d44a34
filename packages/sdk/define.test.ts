import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineAgent, defineSkill, SkillError } from './index.ts'

const skill = {
  skillId: 'text.length',
  version: '1.0.0',
  title: 'Length',
  description: 'Counts characters.',
  input: z.strictObject({ text: z.string(), trim: z.boolean().default(true) }),
  output: z.strictObject({ length: z.int() }),
  idempotent: true,
  workspace: 'none',
} as const

describe('defineSkill', () => {
  it('infers what run takes and gives', () => {
    const defined = defineSkill({
      ...skill,
      effects: ['none'],
      run(input, context) {
        expectTypeOf(input).toEqualTypeOf<{ text: string; trim: boolean }>()
        expectTypeOf(context.workspace).toEqualTypeOf<string>()
        return { length: input.text.length }
      },
    })
    expect(defined.limits).toEqual({ wallMs: 60_000, outputBytes: 1_048_576, fileBytes: 1_073_741_824 })
    expect(defined.resources).toEqual({ read: [], write: [], urls: [] })
  })

  it.each([{ effects: ['read'] as const }, { workspace: 'read' as const }, { resources: { urls: ['/url'] } }])(
    'a pure skill is not one with %j',
    (change) => {
      const pure = {
        ...skill,
        effects: ['none'] as ['none'],
        driver: 'pure' as const,
        run: () => ({ length: 0 }),
      }
      expect(defineSkill(pure).driver).toBe('pure')
      expect(() => defineSkill({ ...pure, ...change } as typeof pure)).toThrow('no pure skill')
    },
  )

  it.each([{ skillId: 'Text Length' }, { version: '1' }, { limits: { wallMs: 1 } }, { resources: { read: ['path'] } }])(
    'refuses %j',
    (flaw) => {
      expect(() => defineSkill({ ...skill, effects: ['none'], run: () => ({ length: 0 }), ...flaw })).toThrow(
        z.ZodError,
      )
    },
  )
})

describe('defineAgent', () => {
  const agent = { agentId: 'teller', version: '1.0.0', title: 'Teller', description: 'Tells.' }

  it('infers the input, the pattern and the skills', () => {
    const defined = defineAgent({
      ...agent,
      skills: ['text.length'],
      input: z.strictObject({ words: z.array(z.string()) }),
      recognize: ({ words }) => ({ count: words.length }),
      reason({ input, pattern, observations }) {
        expectTypeOf(input).toEqualTypeOf<{ words: string[] }>()
        expectTypeOf(pattern).toEqualTypeOf<{ count: number }>()
        if (pattern.count > 9) return { steps: [{ id: 'a', skill: 'text.length' }] }
        return { done: { goal: 'reached', outputs: { seen: observations.length } } }
      },
    })
    expect(defined.skills).toEqual(['text.length'])
  })

  it('lets an agent propose only what it declares', () => {
    defineAgent({
      ...agent,
      skills: ['text.length'],
      input: z.strictObject({}),
      recognize: () => null,
      // @ts-expect-error the agent declares no such skill
      reason: () => ({ steps: [{ id: 'a', skill: 'text.width' }] }),
    })
  })

  it('refuses malformed names', () => {
    const rest = {
      input: z.strictObject({}),
      recognize: () => null,
      reason: () => ({ done: { goal: 'missed', outputs: null } }) as const,
    }
    expect(() => defineAgent({ ...agent, ...rest, skills: ['not a name'] })).toThrow(z.ZodError)
    expect(() => defineAgent({ ...agent, ...rest, skills: [], agentId: 'A' })).toThrow(z.ZodError)
  })
})

describe('SkillError', () => {
  it('carries a code that programs can rely on', () => {
    expect(new SkillError('not_a_repository', 'that is no repository')).toMatchObject({ code: 'not_a_repository' })
    expect(() => new SkillError('Not a code', 'x')).toThrow(TypeError)
  })
})
