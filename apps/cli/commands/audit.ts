import { readFile } from 'node:fs/promises'
import { EvidenceBundle } from '@azora/contracts'
import { type EvidenceReport, parseVerifier, verifyEvidence } from '@azora/proof'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import { evidenceText } from '../output/evidence.ts'
import type { AddCommand } from '../shell.ts'
import { addErase } from './audit-erase.ts'
import { assertNoLogOptions, type LogOptions, verifyLiveLog } from './audit-log.ts'
import { addRetention } from './audit-retention.ts'
import { addWitness } from './witness.ts'

const EXAMPLES = `
Examples:
  $ azora audit verify run.evidence.json
  $ azora audit verify run.evidence.json --trusted-key @journal.vkey
  $ azora audit verify
  $ azora audit verify --state /var/lib/azora-audit --trusted-key @journal.vkey
  $ azora audit verify --checkpoint kept.checkpoint

With a file no server is needed. Without one the whole log of the server is verified up to its newest public checkpoint;
with --state only what is new since the last time. Without --trusted-key the key of the local journal is used, where there is one.`

export const addAudit: AddCommand = (parent, shell) => {
  const audit = parent
    .command('audit')
    .description('check evidence, and say how long payloads are kept')
    .addHelpText('after', '\nExamples:\n  $ azora audit verify run.evidence.json')
  addWitness(audit, shell)
  audit
    .command('verify')
    .argument('[file]', 'evidence bundle of a run; the whole log of the server when absent')
    .option('--trusted-key <key>', 'verifier key of the journal that you trust, or @file')
    .option('--checkpoint <file>', 'without a file: a checkpoint that you kept, which the log has to continue')
    .option('--state <dir>', 'without a file: keep how far the log was verified, and go on from there')
    .description('check an evidence bundle without the server, or the whole log')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: VerifyOptions, self: Command) => {
      await shell.perform(self, async (session) => {
        const { screen, trustedKey } = session
        const key = options.trustedKey === undefined ? await trustedKey() : await keyIn(options.trustedKey)
        if (file === undefined) return verifyLiveLog(session, key, options)
        assertNoLogOptions(options)
        const source = await fileText(file)
        const report = reportOn(source, key)
        const trusted = key !== undefined
        screen.show({ file, verified: report.verified, trusted, checks: report.checks }, () =>
          evidenceText(screen.style, report, trusted),
        )
        return report.verified ? EXIT.ok : EXIT.unverified
      })
    })
  addErase(audit, shell)
  addRetention(audit, shell)
}

interface VerifyOptions extends LogOptions {
  trustedKey?: string
}

/** A file that is no bundle is evidence of nothing: it doesn't verify. */
function reportOn(source: string, key: string | undefined): EvidenceReport {
  const flawed = (flaw: string): EvidenceReport => {
    const keyCheck = { what: 'the journal key is the trusted one', ok: false, flaw: 'there is none' }
    return { verified: false, checks: [keyCheck, { what: 'the file is an evidence bundle', ok: false, flaw }] }
  }
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    return flawed('it is not JSON')
  }
  const bundle = EvidenceBundle.safeParse(value)
  if (bundle.success) return verifyEvidence(bundle.data, key)
  const [issue] = bundle.error.issues
  return flawed(issue ? `${issue.path.join('.') || 'it'}: ${issue.message}` : 'it has another shape')
}

async function keyIn(given: string): Promise<string> {
  const key = given.startsWith('@') ? (await fileText(given.slice(1))).trim() : given
  if (parseVerifier(key)) return key
  throw usageError(
    'the trusted key is not a verifier key',
    'It looks like name+0a1b2c3d+base64; the server keeps it in keys/journal.vkey.',
  )
}

const fileText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: Error) => {
    throw usageError(`the file can't be read: ${error.message}`)
  })
