import { type Command, Option } from 'commander'
import { type Role, runRole } from '../launch/role.ts'
import type { AddCommand } from '../shell.ts'

interface RoleHelp {
  about: string
  options: ReadonlyArray<readonly [flags: string, about: string]>
  examples: string
}

const LISTEN = [
  ['--port <n>', 'port to listen on, 0 for any free one (default: 7420)'],
  ['--host <address>', 'address to listen on (default: 127.0.0.1)'],
  ['--grpc-port <n>', 'another port for gRPC without TLS, 0 for any free one (default: none; with TLS see --port)'],
  ['--tls-cert <file>', 'certificate in PEM, with those that lead to its authority: listen with TLS'],
  ['--tls-key <file>', "the certificate's private key in PEM"],
  ['--tls-client-ca <file>', 'authorities in PEM whose certificates nodes must show, and others may'],
  ['--rate-limit <n[:burst]>', 'requests a second of each key or principal, or off (default: 5000:10000)'],
  ['--tenant-rate-limit <n[:burst]>', 'requests a second of each tenant, or off (default: 10000:20000)'],
  ['--allow-plaintext', 'listen for other machines without TLS, as behind a proxy that has it'],
] as const
const PERFORM = [
  ['--capacity <n>', 'actions performed at one time (default: 4)'],
  ['--isolation <mode>', 'sandbox, or none: run skills and agents with all your rights (default: sandbox)'],
] as const

const ROLES: Record<Role, RoleHelp> = {
  up: {
    about: 'start everything on this machine: server, execution node and embedded PostgreSQL',
    options: [...LISTEN, ...PERFORM],
    examples: `
Examples:
  $ azora up
  $ azora up --port 8080 --capacity 8
  $ DATABASE_URL=postgres://azora@db/azora azora up
  $ AZORA_WITNESS_POLICY=/etc/azora/witnesses azora up

The first start creates the owner's token (file mode 0600) in the data directory. Ctrl-C stops it gracefully.`,
  },
  server: {
    about: 'start the control plane alone',
    options: LISTEN,
    examples: `
Examples:
  $ azora server --host 0.0.0.0 --tls-cert server.pem --tls-key server.key
  $ azora server --host 0.0.0.0 --tls-cert server.pem --tls-key server.key --tls-client-ca nodes-ca.pem`,
  },
  node: {
    about: 'start an execution node that takes work from the server at --url',
    options: [
      ...PERFORM,
      ['--name <name>', 'name of the node, which its token belongs to (default: local)'],
      ['--shard <shard>', 'partition of work that it serves (default: main)'],
      ['--drain <seconds>', 'how long it finishes what it has when it is asked to stop (default: 30)'],
      ['--own-code', 'run no code but that of its own catalogue, also for runs that began with older code'],
      ['--token-file <file>', "file with the node's token"],
      ['--journal-key-file <file>', 'file with the verifier key that proofs are checked with'],
      ['--tls-cert <file>', 'certificate in PEM for a server that asks for one, named URI:node:NAME'],
      ['--tls-key <file>', "the certificate's private key in PEM"],
    ],
    examples: `
Examples:
  $ azora node --url ws://10.0.0.5:7420/api/v1/nodes/connect --token-file node.token --journal-key-file journal.vkey
  $ azora node --name eu-1 --shard eu --capacity 16 --url wss://azora.example/api/v1/nodes/connect --token-file eu-1.token --journal-key-file journal.vkey

NODE_EXTRA_CA_CERTS=ca.pem lets it trust a server whose certificate is of an authority of your own.
SIGTERM drains it: it takes nothing more, finishes what it has, then ends. A second one ends it at once.`,
  },
}

/** `up`, `server` and `node`: the server program in this terminal. */
export const addRoles: AddCommand = (parent, shell) => {
  for (const role of ['up', 'server', 'node'] as const) {
    const { about, options, examples } = ROLES[role]
    const command = parent.command(role).description(about)
    for (const [flags, meaning] of options) command.option(flags, meaning)
    command
      .option('--log-level <level>', 'trace, debug, info, warn, error or fatal (default: warn)')
      .addOption(new Option('--managed', 'stop when standard input ends').hideHelp())
      .addHelpText('after', examples)
      .action(async (_options: object, self: Command) => {
        await shell.perform(self, async ({ env }) => runRole(role, flagsOf(role, self), env))
      })
  }
}

/** What the server program gets: what was given here, and the global options that it knows. */
export function flagsOf(role: Role, command: Command): string[] {
  const given = command.optsWithGlobals<Record<string, unknown>>()
  const globals =
    command.parent?.options.filter(({ long }) => long === '--data' || (long === '--url' && role === 'node')) ?? []
  return [...command.options, ...globals].flatMap((option) => {
    const value = given[option.attributeName()]
    if (value === undefined || option.long === undefined) return []
    return value === true ? [option.long] : [option.long, String(value)]
  })
}
