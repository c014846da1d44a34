import { join } from 'node:path'
import type { Isolation } from '../isolation/port.ts'
import { createWarmPool } from '../node/warm-pool.ts'
import type { Driver } from './port.ts'
import { createProcessDriver } from './process.ts'
import { createPureDriver } from './pure.ts'

/** The drivers of a node, by the word that an action names them with. */
export type Drivers = Readonly<Record<Driver['name'], Driver>>

export function createDrivers({
  isolation,
  projectRoot,
  warmSlots,
}: {
  isolation: Isolation
  projectRoot: string
  warmSlots: number
}): Drivers {
  const runner = (name: string): string => join(projectRoot, 'packages/sdk/runner', name)
  return {
    process: createProcessDriver({
      warm: createWarmPool({ isolation, slotsMax: warmSlots }),
      runner: runner('skill.ts'),
    }),
    pure: createPureDriver({ isolation, runner: runner('pure.ts') }),
  }
}
