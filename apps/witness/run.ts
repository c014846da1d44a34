import { mkdir } from 'node:fs/promises'
import { createLog, type Log } from '@azora/base'
import { createCosigner } from './cosigner.ts'
import { openFindings } from './findings.ts'
import { type Listening, listen } from './http.ts'
import { openKey } from './key.ts'
import { takeLock } from './lock.ts'
import { openLogState } from './log-state.ts'
import type { Options } from './options.ts'
import { placesIn } from './places.ts'

export interface RunningWitness {
  url: string
  /** Its verifier key. */
  key: string
  stop(): Promise<void>
}

/** Opens the state and serves. What was started is stopped again when a later part fails. */
export async function runWitness(
  options: Options,
  log: Log = createLog('witness', options.logLevel),
): Promise<RunningWitness> {
  const { state } = options
  const places = placesIn(state)
  for (const folder of [state, places.logs, places.findings]) await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await takeLock(state)
  let listening: Listening
  try {
    const witness = await openKey(options)
    const logs = await Promise.all([...options.logs].map(([origin, keys]) => openLogState(places.logs, origin, keys)))
    const now = (): number => Date.now()
    const findings = await openFindings(places.findings, { now, log })
    const cosigner = createCosigner({ witness, logs, findings, assertAlone: lock.assertHeld, now, log })
    listening = await listen(options.listen, { cosigner, log })
    return {
      url: listening.url,
      key: witness.key.text,
      async stop() {
        await listening.close()
        await lock.release()
      },
    }
  } catch (thrown) {
    await lock.release()
    throw thrown
  }
}
