import { Command, CommanderError } from 'commander'
import { addAgent } from './commands/agent.ts'
import { addArtifact } from './commands/artifact/artifact.ts'
import { addAudit } from './commands/audit.ts'
import { addCompletion } from './commands/completion.ts'
import { addConstitution } from './commands/constitution/command.ts'
import { addDemo } from './commands/demo/command.ts'
import { addDoctor } from './commands/doctor.ts'
import { addIdentity } from './commands/identity.ts'
import { addJournal } from './commands/journal.ts'
import { addKeys } from './commands/keys.ts'
import { addLimits } from './commands/limits/command.ts'
import { addLogin } from './commands/login.ts'
import { addNodes } from './commands/nodes.ts'
import { addReplay } from './commands/replay/command.ts'
import { addReview } from './commands/review.ts'
import { addRoles } from './commands/roles.ts'
import { addRun } from './commands/run/command.ts'
import { addSchedule } from './commands/schedule/command.ts'
import { addScim } from './commands/scim/command.ts'
import { addSecret } from './commands/secret/command.ts'
import { addSkill } from './commands/skill.ts'
import { addStatus } from './commands/status.ts'
import { addTenant } from './commands/tenant.ts'
import { addWebhook } from './commands/webhook/command.ts'
import { type Complaint, EXIT, EXIT_CODES_HELP, type ExitCode } from './exit.ts'
import { createScreen } from './output/screen.ts'
import { createShell, type Shell, type Surroundings } from './shell.ts'
import { version } from './version.ts'

const HELP = `
Environment:
  AZORA_URL, AZORA_TOKEN  the server to talk to, instead of the one on this machine
  AZORA_IDENTITY          identity file of the person who acts (azora identity add makes one)
  AZORA_DATA_DIR          where the local server keeps its data
  NO_COLOR                no colours
  AZORA_DEBUG=1           show where in the code an error came from

${EXIT_CODES_HELP}

Examples:
  $ azora demo                        watch a governed run on this checkout
  $ azora up                          start the server, the node and PostgreSQL
  $ azora run start repo-steward -i repository=/srv/app --read /srv/app --write /srv/app --watch
  $ azora run list --json`

const COMMANDS = [
  addDemo,
  addRoles,
  addStatus,
  addDoctor,
  addLogin,
  addNodes,
  addLimits,
  addRun,
  addSchedule,
  addReplay,
  addArtifact,
  addAgent,
  addSkill,
  addReview,
  addSecret,
  addWebhook,
  addIdentity,
  addScim,
  addKeys,
  addTenant,
  addAudit,
  addJournal,
  addConstitution,
  addCompletion,
]

const HOW = 'Run the command with --help to see how it is used.'

/** The whole command line as commander knows it. */
export function createProgram(shell: Shell, { stdout, stderr, json }: Surroundings & { json: boolean }): Command {
  // Commander says by itself what is wrong, in text.
  const writeErr = (text: string): void => void (json || stderr.write(text))
  const program = new Command('azora')
    .description('Runs AI agents that can be trusted: every action checked before it happens, every decision provable.')
    .version(version())
    .option('--json', 'print JSON only')
    .option('--url <url>', 'server to talk to (default: the one on this machine)')
    .option('--token <token>', "access token (default: the owner's)")
    .option('--data <dir>', 'data directory of the local server')
    .option('--identity <file>', 'act and sign as the person of this file')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr })
    .showHelpAfterError(`  ${HOW}`)
    .exitOverride()
    .addHelpText('after', HELP)
  for (const add of COMMANDS) add(program, shell)
  return program
}

const usageComplaint = ({ code, message }: CommanderError): Complaint => ({
  exit: EXIT.usage,
  code: 'usage',
  message: code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '').replaceAll('\n', ' '),
  remedy: HOW,
})

/** Runs one command line and answers its exit code; never rejects. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const shell = createShell(surroundings)
  const json = args.includes('--json')
  try {
    await createProgram(shell, { ...surroundings, json }).parseAsync(args, { from: 'user' })
    return shell.exitCode()
  } catch (error) {
    if (error instanceof CommanderError) {
      // Asking for help or the version isn't wrong.
      if (error.exitCode === 0) return EXIT.ok
      if (json) createScreen({ ...surroundings, json }).complain(usageComplaint(error))
      return EXIT.usage
    }
    surroundings.stderr.write(`✗ ${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT.bug
  }
}
