import { randomUUID } from 'node:crypto'
import { isTerminal } from '@azora/contracts'
import { type EvidenceReport, verifyEvidence } from '@azora/evidence'
import type { Client } from '@azora/sdk/client'
import { CliError, EXIT, type ExitCode } from '../../exit.ts'
import type { Interruption } from '../../interruption.ts'
import type { RunView } from '../../live/run-view.ts'
import { watchRun } from '../../live/watch.ts'
import { evidenceText } from '../../output/evidence.ts'
import type { Session } from '../../session.ts'
import { producedText, resultOf } from './result.ts'
import type { DemoServer } from './server.ts'
import type { Target } from './target.ts'

export interface DemoDeps {
  session: Session
  server: DemoServer
  interrupt: Interruption
  startedAtMs: number
}

/** Runs `repo-steward` on the target, shows it, and checks its evidence. */
export async function runDemo(
  { session, server, interrupt, startedAtMs }: DemoDeps,
  target: Target,
): Promise<ExitCode> {
  const { screen } = session
  const client = await session.client()
  const { runId } = await client.manage(
    { operation: 'create', agentId: 'repo-steward', input: target.input, scope: target.scope },
    { idempotencyKey: randomUUID(), signal: interrupt.signal },
  )
  const view = await watchWhileServed(client, session, server, runId, interrupt)
  if (view.state === 'awaiting_review' && !screen.live) {
    screen.say(
      `the run waits for people: azora review list, then azora review approve; see docs/guides/review-actions.md`,
    )
    if (screen.json) screen.emit(resultOf(view, undefined, Date.now() - startedAtMs))
    return EXIT.failed
  }
  if (!isTerminal(view.state)) {
    screen.say(screen.style.quiet(`the run goes on while Azora is up; see it with: azora run watch ${runId}`))
    if (screen.json) screen.emit(resultOf(view, undefined, Date.now() - startedAtMs))
    return EXIT.interrupted
  }
  const evidence = await evidenceOf(client, session, view)
  if (screen.json) screen.emit(resultOf(view, evidence, Date.now() - startedAtMs))
  if (view.state !== 'success') return EXIT.failed
  return evidence.verified ? EXIT.ok : EXIT.unverified
}

/** The death of its own server ends the watching; another server may come back. */
async function watchWhileServed(
  client: Client,
  { screen }: Session,
  { own }: DemoServer,
  runId: string,
  interrupt: Interruption,
): Promise<RunView> {
  const died = new AbortController()
  let how: string | undefined
  void own?.ended.then((end) => {
    how = end.how
    died.abort()
  })
  const view = await watchRun(client, screen, runId, {
    signal: AbortSignal.any([interrupt.signal, died.signal]),
    // Without a terminal nobody is there to decide.
    until: ({ state }) => state === 'awaiting_review' && !screen.live,
  })
  if (how === undefined || isTerminal(view.state) || interrupt.signal.aborted) return view
  const message = `the server ${how} during run ${runId}\n${own?.tail() ?? ''}`.trimEnd()
  const remedy = `Nothing is lost. Go on with ./azora up, then ./azora run watch ${runId}`
  throw new CliError(EXIT.unreachable, 'server_died', message, remedy)
}

async function evidenceOf(client: Client, { screen, trustedKey }: Session, view: RunView): Promise<EvidenceReport> {
  screen.say(`\n${producedText(screen.style, view)}`)
  const bundle = await client.evidence(view.runId)
  const key = await trustedKey()
  const report = verifyEvidence(bundle, { trustedKey: key })
  screen.say(`\n${screen.style.strong('Evidence')}\n${evidenceText(screen.style, report, key !== undefined)}`)
  return report
}
