import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { privateFilesFinding } from './private-files.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'azora-private-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const write = (name: string, mode: number): string => {
  const file = join(dataDir, name)
  writeFileSync(file, '')
  chmodSync(file, mode)
  return file
}

it('are well before there are any', async () => {
  expect(await privateFilesFinding(dataDir, [join(dataDir, 'none')])).toMatchObject({ level: 'ok' })
})

it('are named when others may read or write them, with the command that mends it', async () => {
  mkdirSync(join(dataDir, 'keys'))
  write('owner.token', 0o600)
  write('keys/journal.key', 0o600)
  // Public halves are for everybody.
  write('keys/journal.vkey', 0o644)
  expect(await privateFilesFinding(dataDir, [])).toMatchObject({ level: 'ok' })

  const open = [write('owner.token', 0o640), write('keys/secrets.key', 0o604), write('login.json', 0o620)]
  const finding = await privateFilesFinding(dataDir, [join(dataDir, 'login.json')])
  expect(finding.level).toBe('fail')
  for (const file of open) expect(finding.mend).toContain(`'${file}'`)
  expect(finding.detail).toContain('(0604)')
  expect(finding.mend).not.toContain('journal.key')
})
