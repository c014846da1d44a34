import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { logOf, newSigner } from './testing/log.ts'
import { RUN, runOf, verified } from './testing/run.ts'

const DOOR = new URL('./verify.ts', import.meta.url).href

/** What a browser does not have is taken away before the first module of ours is read. */
const PROGRAM = `
const { readFileSync } = await import('node:fs')
const { key, ...log } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const say = console.log
for (const name of ['Buffer', 'process', 'require', 'setImmediate']) delete globalThis[name]
const { createReceiptVerifier, parseVerifier } = await import(${JSON.stringify(DOOR)})
const receipt = { ...log.entries[2], checkpoint: log.checkpoint }
const altered = structuredClone(receipt)
altered.entry.payload = { ...altered.entry.payload, more: 1 }
say(JSON.stringify([receipt, altered].map((of) => createReceiptVerifier(parseVerifier(key))(of) ?? 'proved')))
`

it('verifies receipts without anything of Node', () => {
  const dir = mkdtempSync(join(tmpdir(), 'azora-verify-'))
  try {
    const signer = newSigner('azora/test')
    const log = { ...logOf(RUN, runOf(verified()), signer), key: signer.verifier.text }
    writeFileSync(join(dir, 'log.json'), JSON.stringify(log))
    writeFileSync(join(dir, 'program.mjs'), PROGRAM)
    const found = execFileSync(
      process.execPath,
      ['--conditions=browser', join(dir, 'program.mjs'), join(dir, 'log.json')],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(found)).toEqual(['proved', 'the payload of entry 2 was altered'])
  } finally {
    rmSync(dir, { recursive: true })
  }
})
