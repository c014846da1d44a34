import { isTerminal } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import { EXIT, type ExitCode } from '../exit.ts'
import { interruption } from '../interruption.ts'
import type { Screen } from '../output/screen.ts'
import { createDisplay } from './display.ts'
import { newRunView, type RunView } from './run-view.ts'

export interface WatchOptions {
  signal: AbortSignal
  /** With it each entry is a line of JSON on standard output. */
  emitEntries?: boolean
  /** Ends the watching before the run has ended. */
  until?: (view: RunView) => boolean
}

/** Shows a run until it ends or the signal aborts; answers what was seen. */
export async function watchRun(client: Client, screen: Screen, runId: string, options: WatchOptions): Promise<RunView> {
  const view = newRunView(runId)
  const display = createDisplay(options.emitEntries ? silent(screen) : screen, view)
  try {
    const onDrop = (): void => display.remark('the connection is lost; trying again')
    for await (const entry of client.events(runId, { signal: options.signal, onDrop })) {
      if (options.emitEntries) screen.emit(entry)
      display.add(entry)
      if (options.until?.(view)) break
    }
  } finally {
    display.close()
  }
  return view
}

/** Entries on standard output say all; only the folding is of use. */
const silent = (screen: Screen): Screen => ({ ...screen, live: false, say: () => {} })

/** Watches until the run ends, or until Ctrl-C, which changes nothing for the run. */
export async function watchToEnd(client: Client, screen: Screen, runId: string): Promise<ExitCode> {
  const interrupt = interruption()
  try {
    const view = await watchRun(client, screen, runId, { signal: interrupt.signal, emitEntries: screen.json })
    if (isTerminal(view.state)) return exitOf(view.state)
    screen.say(screen.style.quiet(`the run goes on; see it with: azora run watch ${runId}`))
    return EXIT.interrupted
  } finally {
    interrupt.dispose()
  }
}

export const exitOf = (state: RunView['state']): ExitCode =>
  state === 'fail' || state === 'cancelled' ? EXIT.failed : EXIT.ok
