import type { Command } from 'commander'
import { runWitness } from '../launch/role.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora audit witness --log "$(cat journal.vkey)" --state /var/lib/azora-witness --listen 0.0.0.0:7421
  $ azora audit witness status --state /var/lib/azora-witness
  $ azora audit witness status --state /var/lib/azora-witness --json | jq .findings

A witness belongs to somebody who does not run the log, on another machine. The first start makes its key and prints the
verifier key, which goes into the policy of the server (AZORA_WITNESS_POLICY) and of those who check evidence. Without
--log for it, no log is cosigned. It speaks C2SP tlog-witness in plain HTTP; put TLS in front of it.

status says what the witness saw, and exits with 7 when something speaks against a log.`

const STATUS_EXAMPLES = `
Examples:
  $ azora audit witness status --state /var/lib/azora-witness

Exits with 7 when a log contradicted itself, or did not prove that it continues what was cosigned. The findings are files
that anybody with the log's verifier key can check.`

const collect = (value: string, before: string[] = []): string[] => [...before, value]

interface WitnessOptions {
  json?: boolean
  log?: string[]
  listen?: string
  state?: string
  key?: string
  name?: string
  logLevel?: string
}

/** `audit witness`: the witness program in this terminal. */
export const addWitness: AddCommand = (parent, shell) => {
  const witness = parent
    .command('witness')
    .description('run a witness, who cosigns checkpoints of logs that only grow')
    .option('--log <vkey>', 'verifier key of a log, "VKEY,ORIGIN" when the log has another name (repeatable)', collect)
    .option('--listen <host:port>', 'address to listen on (default: 127.0.0.1:7421)')
    .option('--state <dir>', 'directory that is its memory: never restore an older copy')
    .option('--key <file>', 'its private key, made when missing (default: witness.key in the state)')
    .option('--name <name>', 'its name in the first start (default: HOSTNAME/azora-witness)')
    .option('--log-level <level>', 'trace, debug, info, warn, error or fatal (default: warn)')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ env }) => runWitness('run', flagsOf(self), env))
    })
  witness
    .command('status')
    .description('show what a witness saw, and what speaks against a log')
    .addHelpText('after', STATUS_EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ env }) => runWitness('status', flagsOf(self), env))
    })
}

/** What the witness program gets of the options. */
function flagsOf(command: Command): string[] {
  const { json, log = [], listen, state, key, name, logLevel } = command.optsWithGlobals<WitnessOptions>()
  const values = { listen, state, key, name, 'log-level': logLevel }
  return [
    ...Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value])),
    ...log.flatMap((vkey) => ['--log', vkey]),
    ...(json === true ? ['--json'] : []),
  ]
}
