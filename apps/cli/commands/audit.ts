import { verifyEvidence } from '@azora/evidence'
import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { fileBytes } from '../files.ts'
import { evidenceText } from '../output/evidence.ts'
import type { AddCommand } from '../shell.ts'
import { addErase } from './audit-erase.ts'
import { assertNoKeyOptions, type KeyOptions, keysIn } from './audit-keys.ts'
import { assertNoLogOptions, type LogOptions, verifyLiveLog } from './audit-log.ts'
import { addRetention } from './audit-retention.ts'
import { addVerifier } from './audit-verifier.ts'
import { addWitness } from './witness.ts'

const EXAMPLES = `
Examples:
  $ azora audit verify run.intoto.jsonl
  $ azora audit verify run.intoto.jsonl --trusted-key @journal.vkey --owner-key @owner.vkey
  $ azora audit verify run.intoto.jsonl --trusted-key @journal.vkey --witness-policy policy
  $ azora audit verify
  $ azora audit verify --state /var/lib/azora-audit --trusted-key @journal.vkey
  $ azora audit verify --checkpoint kept.checkpoint

With a file no server is needed, and what the keys at hand can't prove is said. Without one the whole log of the server is
verified up to its newest public checkpoint; with --state only what is new since the last time. Without --trusted-key the
key of the local journal is used, where there is one.`

export const addAudit: AddCommand = (parent, shell) => {
  const audit = parent
    .command('audit')
    .description('check evidence, and say how long payloads are kept')
    .addHelpText('after', '\nExamples:\n  $ azora audit verify run.intoto.jsonl')
  addVerifier(audit, shell)
  addWitness(audit, shell)
  audit
    .command('verify')
    .argument('[file]', 'evidence bundle of a run; the whole log of the server when absent')
    .option('--trusted-key <key>', 'verifier key of the journal that you trust, or @file')
    .option('--owner-key <key>', "with a file: key of the constitution's owner, or @file (repeatable)", append)
    .option('--witness <key>', 'with a file: key of a witness, or @file (repeatable)', append)
    .option('--witness-policy <file>', 'with a file: witnesses and how many of them it takes (C2SP tlog-policy)')
    .option('--checkpoint <file>', 'without a file: a checkpoint that you kept, which the log has to continue')
    .option('--state <dir>', 'without a file: keep how far the log was verified, and go on from there')
    .description('check an evidence bundle without the server, or the whole log')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: KeyOptions & LogOptions, self: Command) => {
      await shell.perform(self, async (session) => {
        const { screen, trustedKey } = session
        const keys = await keysIn(options, trustedKey)
        if (file === undefined) {
          assertNoKeyOptions(options)
          return verifyLiveLog(session, keys.trustedKey, options)
        }
        assertNoLogOptions(options)
        const report = verifyEvidence(await fileBytes(file), keys)
        const trusted = keys.trustedKey !== undefined
        screen.show({ file, trusted, ...report }, () => evidenceText(screen.style, report, trusted))
        return report.verified ? EXIT.ok : EXIT.unverified
      })
    })
  addErase(audit, shell)
  addRetention(audit, shell)
}

const append = (value: string, before: string[] = []): string[] => [...before, value]
