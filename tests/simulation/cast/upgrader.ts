import type { Random } from '../engine/random.ts'
import type { Stage } from '../stage.ts'
import { RELEASES } from './releases.ts'

/** Installs other versions. They are found by the next server, which mostly comes at once. */
export function upgradeOne({ catalog, server, replaceServer, loop }: Stage, random: Random): void {
  catalog.install(random.pick(RELEASES))
  loop.trace(`${loop.nowMs} other versions are installed`)
  const how = random.next()
  if (how < 0.6) server().stop()
  else if (how < 0.75) server().machine.kill()
  // Somebody starts it beside the old one.
  else if (how < 0.9) replaceServer()
}
