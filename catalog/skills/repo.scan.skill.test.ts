import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeFolder, makeRepository, perform } from '../testing/workspace.ts'
import clone from './git.clone.skill.ts'
import scan from './repo.scan.skill.ts'

/** Put together here, so that this file holds no secret itself. */
const SECRETS = {
  github_token: ['gh', 'p_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join(''),
  slack_token: ['xo', 'xb-123456789012-123456789012-abcdefghijklmnopqrstuvwx'].join(''),
  npm_access_token: ['np', 'm_abcdefghijklmnopqrstuvwxyz0123456789'].join(''),
  stripe_secret_key_live: ['sk', '_live_4eC39HqLyjWDarjtT1zdp7dcabcd'].join(''),
  aws_access_key_id: ['AK', 'IAQWERTYUIOPASDFGH'].join(''),
  private_key: ['-----BEGIN RSA PRI', 'VATE KEY-----'].join(''),
  assigned_secret: ['password = "hG7$kd93', 'jfLq02xPzz1"'].join(''),
}

async function scanned(files: Record<string, string | Buffer>, options: { maxFiles?: number } = {}) {
  const workspace = makeFolder()
  await perform(clone, workspace, { repository: makeRepository(files) })
  return await perform(scan, workspace, options)
}

test.each(Object.entries(SECRETS))('finds a %s and never tells it', async (kind, value) => {
  const result = await scanned({ 'src/config.txt': `first\nkey ${value}\n` })
  expect(result.secrets).toMatchObject([
    { kind, file: 'src/config.txt', line: 2, masked: /^.{4}\*{4}$/.exec(result.secrets[0]?.masked ?? '')?.[0] },
  ])
  expect(result.secretCount).toBe(1)
  const told = JSON.stringify(result)
  expect(told).not.toContain(value.slice(-16))
})

test('does not take placeholders, digests and references for secrets', async () => {
  const result = await scanned({
    'a.ts': `
      const apiKey = "your-api-key-goes-here"
      const token = process.env.TOKEN
      const password = "correct horse battery"
      const secretName = "production-database-credentials"
      const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`,
    'package-lock.json': JSON.stringify({ integrity: `sha512-${randomBytes(64).toString('base64')}` }),
  })
  expect(result.secrets).toEqual([])
})

test('finds marks in comments with their places', async () => {
  const result = await scanned({
    'a.ts': 'const a = 1 // TODO: one\n/*\n * FIXME(me) two\n */\nconst TODO = 2\nconst b = "no TODO here"\n',
    'b.py': '# HACK three\nx = 1  # see XXX\ntodo = "todo"\n',
    'c.html': '<!-- TODO four -->\n',
    'TODO.md': 'TODOS are not marks\n',
  })
  expect(result.marks.map(({ file, line, text }) => `${file}:${line} ${text}`).sort()).toEqual([
    'a.ts:1 TODO: one',
    'a.ts:3 FIXME(me) two',
    'b.py:1 HACK three',
    'b.py:2 XXX',
    'c.html:1 TODO four',
  ])
  expect(result.markCounts).toEqual({ TODO: 2, FIXME: 1, HACK: 1, XXX: 1 })
})

test('hides the text of a mark whose line holds a secret', async () => {
  const result = await scanned({ 'a.ts': `// TODO remove ${SECRETS.github_token}\n` })
  expect(result.marks).toEqual([{ kind: 'TODO', file: 'a.ts', line: 1, text: 'TODO (the line holds a secret)' }])
})

test('lists large files, the largest first, and skips binary ones', async () => {
  const result = await scanned({
    'big.bin': Buffer.alloc(1_500_000),
    'bigger.txt': 'x'.repeat(2_000_000),
    'fine.txt': 'x'.repeat(1_000_000),
    'picture.png': Buffer.from('\0// TODO no'),
  })
  expect(result.largeFiles).toEqual([
    { file: 'bigger.txt', bytes: 2_000_000 },
    { file: 'big.bin', bytes: 1_500_000 },
  ])
  expect(result).toMatchObject({ largeCount: 2, marks: [], scannedFiles: 0 })
})

test('keeps its lists short, goes on counting, and says what it left out', async () => {
  const many = await scanned({ 'a.ts': '// TODO x\n'.repeat(500) })
  expect(many.marks).toHaveLength(200)
  expect(many).toMatchObject({ markCounts: { TODO: 500 }, truncated: false })
  const files = { 'a.ts': '// TODO', 'b.ts': '// TODO', 'c.ts': '// TODO' }
  expect(await scanned(files, { maxFiles: 2 })).toMatchObject({ scannedFiles: 2, truncated: true })
})

test('gets through long lines quickly enough', async () => {
  const result = await scanned({
    'a.js': `password="${'aB3'.repeat(100_000)}"`,
    'b.js': '#'.repeat(200_000),
    'c.js': ' '.repeat(1900),
  })
  expect(result.scannedFiles).toBe(3)
})

test('scans an empty repository', async () => {
  expect(await scanned({})).toMatchObject({ scannedFiles: 0, marks: [], secrets: [], largeFiles: [] })
})
