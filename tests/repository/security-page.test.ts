import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../support/cli.ts'

const TEST = /`([\w./-]+\.test\.ts)`/g

it('the security page names tests that there are, and one for each defence', () => {
  const page = readFileSync(join(ROOT, 'docs/concepts/security.md'), 'utf8')
  const named = [...page.matchAll(TEST)].flatMap(([, path]) => path ?? [])
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  const defences = page.split('\n').filter((line) => /^\| [STRIDE] \|/.test(line))
  expect(defences.length).toBeGreaterThan(20)
  expect(defences.filter((line) => !line.match(TEST))).toEqual([])
})
