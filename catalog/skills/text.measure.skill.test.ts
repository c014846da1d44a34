import { describe, expect, it } from 'vitest'
import skill from './text.measure.skill.ts'

const CONTEXT = {
  runId: 'r',
  stepId: 's',
  idempotencyKey: 'k',
  workspace: '/workspace',
  charge: () => {},
  artifact: () => '',
  keep: async () => ({ $artifact: '' }),
}
const measure = async (text: string, frequent = 10) => skill.run(skill.input.parse({ text, frequent }), CONTEXT)

describe('text.measure', () => {
  it('counts lines, words and characters of any script', async () => {
    expect(await measure('Größe ist\nrelativ – 好 😀')).toMatchObject({ lines: 2, words: 4, characters: 23 })
  })

  it('ranks words by how often they come, whatever their case', async () => {
    expect(await measure("It's a dog. IT'S A cat, a.", 2)).toMatchObject({
      frequent: [
        { word: 'a', times: 3 },
        { word: "it's", times: 2 },
      ],
    })
  })

  it('has nothing to say of nothing', async () => {
    expect(await measure('')).toEqual({ lines: 0, words: 0, characters: 0, readingMinutes: 0, frequent: [] })
  })

  it('is pure', () => expect(skill.driver).toBe('pure'))
})
