import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { AbsolutePath, Digest, Host, JsonPointer, Name, Timestamp, Version } from './names.ts'

const CASES: Array<[name: string, schema: z.ZodType, good: string[], bad: string[]]> = [
  [
    'Name',
    Name,
    ['git', 'git.clone', 'repo-steward', 'a1.b2-c3', 'a'.repeat(80)],
    ['', 'Git', '1git', 'git.', '.git', 'git..clone', 'git_clone', 'git clone', 'git\n', 'a'.repeat(81)],
  ],
  [
    'Version',
    Version,
    ['0.0.0', '1.2.3', '10.20.30', '1.0.0-alpha.1', '1.0.0-0.x-y', '1.0.0-x.7.z.92'],
    ['1', '1.2', '01.2.3', '1.2.3+build', 'v1.2.3', '1.2.3-', '1.2.3-a..b', '1.2.3-01', '1.2.3-a.', '1.2.3\n'],
  ],
  ['Digest', Digest, ['a'.repeat(64), '0'.repeat(64)], ['a'.repeat(63), 'A'.repeat(64), 'g'.repeat(64), '']],
  [
    'Timestamp',
    Timestamp,
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.123Z'],
    ['2026-01-01', '2026-01-01T00:00:00', '2026-01-01T00:00:00+01:00', 'now'],
  ],
  [
    'AbsolutePath',
    AbsolutePath,
    ['/', '/a', '/a/b.c', '/a/.hidden', '/a/..b', '/a/b..', '/...', '/with space/ü'],
    [
      '',
      'a/b',
      './a',
      '/..',
      '/../etc',
      '/.',
      '/./a',
      '/a/..',
      '/a/../b',
      '/a/./b',
      '/a/.',
      '//../etc',
      '/a\n/../etc',
      '/a\0b',
      `/${'a'.repeat(4096)}`,
    ],
  ],
  [
    'Host',
    Host,
    ['example.org', 'localhost', '127.0.0.1:8080', '[::1]', '[::1]:443', 'a-b.c'],
    ['', 'Example.org', '-a', 'a-', 'a..b', 'http://a', 'a/b', 'a:b', 'user@host', 'a:123456', 'a\n'],
  ],
  ['JsonPointer', JsonPointer, ['', '/', '/a/0', '/a~1b/~0', '//'], ['a', '/~', '/~2', 'a/b']],
]

describe.each(CASES)('%s', (_, schema, good, bad) => {
  it.each(good)('accepts %j', (text) => expect(schema.safeParse(text).success).toBe(true))
  it.each(bad)('refuses %j', (text) => expect(schema.safeParse(text).success).toBe(false))
})
