import { CliError, EXIT } from '../../exit.ts'
import { interruption } from '../../interruption.ts'
import type { ManagedServer } from '../../launch/managed-server.ts'
import type { Screen } from '../../output/screen.ts'

/** Keeps the server up until Ctrl-C, or until somebody stops it. Rejects when it dies. */
export async function stayUp(
  screen: Screen,
  url: string,
  { ended, tail }: Pick<ManagedServer, 'ended' | 'tail'>,
): Promise<void> {
  const interrupt = interruption()
  screen.say(`\nAzora stays up at ${screen.style.strong(url)}. Ctrl-C stops it.`)
  const end = await Promise.race([interrupt.happened, ended])
  interrupt.dispose()
  if (!end) return
  if (end.isStop) return screen.say('Azora was stopped.')
  const remedy = 'Nothing is lost. Start it again with ./azora up: its runs go on.'
  throw new CliError(EXIT.unreachable, 'server_died', `the server ${end.how}\n${tail()}`.trimEnd(), remedy)
}
