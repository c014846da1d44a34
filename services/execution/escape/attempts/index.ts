import type { Attempt } from '../attempt.ts'
import { FILES } from './files.ts'
import { KERNEL } from './kernel.ts'
import { NETWORK } from './network.ts'
import { PROCESSES } from './processes.ts'
import { RESOURCES } from './resources.ts'

/** Attempts by what they are after. */
export const ATTEMPTS: Readonly<Record<string, readonly Attempt[]>> = {
  files: FILES,
  processes: PROCESSES,
  network: NETWORK,
  'the kernel': KERNEL,
  resources: RESOURCES,
}
