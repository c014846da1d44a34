import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createLog, LAW } from '@azora/evidence/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleVerifier } from '../../apps/cli/verifier/bundle.ts'
import { hasPrograms, nodeOfMachine } from '../support/machine.ts'
import { tempDir } from '../support/temp-dir.ts'

const NEEDED = ['jq', 'openssl', 'basenc', 'sha256sum']
const canType = hasPrograms(...NEEDED)
const node = nodeOfMachine() ?? process.execPath
const PAGE = readFileSync(new URL('../../docs/guides/check-evidence.md', import.meta.url), 'utf8')
/** What the page tells to type, in its order. */
const BLOCKS = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text ?? '')

const RUN = '01920000-0000-7000-8000-000000000001'
const folder = tempDir('page')
afterAll(() => folder.remove())

/** A run that was cancelled before it began, after some others, so that its proofs have many steps. */
const log = createLog()
log.activate(LAW)
for (let index = 0; index < 20; index += 1)
  log.add({ kind: 'principal.removed', payload: { principal: `user:p${index}` } })
const spec = {
  runId: RUN,
  agentId: 'direct',
  agentVersion: '1.0.0',
  tenant: 'default',
  owner: 'user:owner',
  input: { text: 'grüße' },
  scope: { read: [], write: [], hosts: [] },
  priority: 5,
  budget: { actions: 1, turns: 1 },
  createdAt: '2026-01-01T00:00:00.000Z',
  plan: { steps: [{ id: 'a', skill: 'x.y', input: {}, after: [] }] },
}
log.add({ kind: 'run.scheduled', payload: { spec }, run: RUN, to: 'scheduled' })
log.add({ kind: 'run.cancelled', payload: {}, run: RUN, to: 'cancelled' })

const file = (name: string): string => join(folder.path, name)

beforeAll(async () => {
  writeFileSync(file('azora-verify.mjs'), await bundleVerifier())
  writeFileSync(file('journal.vkey'), `${log.signer.verifier.text}\n`)
})

/** Types what the page says, as a person would, and answers what is printed. */
function type(bundle: Uint8Array, change: (script: string) => string = (script) => script): string {
  writeFileSync(file('run.intoto.jsonl'), bundle)
  const script = change(`set -eu\n${BLOCKS.join('\n')}`)
  const env = { PATH: `${dirname(node)}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' }
  return execFileSync('sh', ['-c', script], {
    cwd: folder.path,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe.skipIf(!canType)(
  `the page about checking evidence${canType ? '' : ` (skipped: it needs ${NEEDED.join(', ')})`}`,
  () => {
    it.each([0, 1])('says what to type, and it works: entry %i', (entry) => {
      const printed = type(log.bundleOf(RUN), (script) => script.replace('N=0', `N=${entry}`))
      expect(printed).toContain('https://azora.dev/evidence/run/v1\nhttps://azora.dev/evidence/constitution/v1\n')
      expect(printed.match(/Signature Verified Successfully/g)).toHaveLength(2)
      expect(printed).toContain(`entry ${entry} is in the log\nthe payload of entry ${entry} is unaltered\n`)
      expect(printed).toContain('the evidence verifies')
    })

    it('does not work with the bundle of another journal', () => {
      const other = createLog()
      other.activate(LAW)
      other.add({ kind: 'run.scheduled', payload: { spec }, run: RUN, to: 'scheduled' })
      expect(() => type(other.bundleOf(RUN))).toThrow()
    })

    it('does not find an entry in the log that was altered', () => {
      const printed = type(log.bundleOf(RUN), (script) =>
        script
          .replace("hash=$({ printf '\\0'", "sed -i s/system/sistem/ header.json\nhash=$({ printf '\\0'")
          .replace('set -eu', 'set -u'),
      )
      expect(printed).not.toContain('is in the log')
    })
  },
)
