import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bundleOf, newSigner } from './testing/log.ts'
import { RUN, runOf, verified } from './testing/run.ts'

const DOOR = new URL('./verify.ts', import.meta.url).href

/** What a browser does not have is taken away before the first module of ours is read. */
const PROGRAM = `
const { readFileSync } = await import('node:fs')
const bundle = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const say = console.log
for (const name of ['Buffer', 'process', 'require', 'setImmediate']) delete globalThis[name]
const { verifyEvidence } = await import(${JSON.stringify(DOOR)})
const { entry } = bundle.entries[2]
const altered = structuredClone(bundle)
altered.entries[2].entry.payload = { ...entry.payload, more: 1 }
say(JSON.stringify([bundle, altered].map((of) => verifyEvidence(of).verified)))
`

it('verifies evidence without anything of Node', () => {
  const dir = mkdtempSync(join(tmpdir(), 'azora-verify-'))
  try {
    const bundle = bundleOf(RUN, runOf(verified()), newSigner('azora/test'))
    writeFileSync(join(dir, 'bundle.json'), JSON.stringify(bundle))
    writeFileSync(join(dir, 'program.mjs'), PROGRAM)
    const found = execFileSync(
      process.execPath,
      ['--conditions=browser', join(dir, 'program.mjs'), join(dir, 'bundle.json')],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(found)).toEqual([true, false])
  } finally {
    rmSync(dir, { recursive: true })
  }
})
