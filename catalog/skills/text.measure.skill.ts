import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

const WORDS_PER_MINUTE = 230

export default defineSkill({
  skillId: 'text.measure',
  version: '1.0.0',
  title: 'Measure a text',
  description: 'Counts lines, words and characters of a text, its most frequent words, and how long it takes to read.',
  input: z.strictObject({
    text: z.string().max(1_000_000).describe('The text'),
    frequent: z.int().min(0).max(100).default(10).describe('How many of the most frequent words are told'),
  }),
  output: z.strictObject({
    lines: z.int(),
    words: z.int(),
    /** Code points. */
    characters: z.int(),
    readingMinutes: z.number(),
    frequent: z.array(z.strictObject({ word: z.string(), times: z.int() })),
  }),
  effects: ['none'],
  idempotent: true,
  workspace: 'none',
  driver: 'pure',
  limits: { wallMs: 10_000, cpuMs: 5_000, memoryBytes: 134_217_728 },
  run({ text, frequent }) {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []
    const times = new Map<string, number>()
    for (const word of words) times.set(word, (times.get(word) ?? 0) + 1)
    const ranked = [...times].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    return {
      lines: text === '' ? 0 : text.split(/\r\n|\r|\n/).length,
      words: words.length,
      characters: [...text].length,
      readingMinutes: Math.round((words.length / WORDS_PER_MINUTE) * 10) / 10,
      frequent: ranked.slice(0, frequent).map(([word, count]) => ({ word, times: count })),
    }
  },
})
