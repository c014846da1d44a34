import { resolve } from 'node:path'

/** Root of the checkout that this program lies in. */
export const PROJECT_ROOT = resolve(import.meta.dirname, '../../..')

/** The program of the control plane and the execution node. */
export const SERVER_PROGRAM = resolve(PROJECT_ROOT, 'apps/server/main.ts')

/** The program of another party, who cosigns checkpoints. */
export const WITNESS_PROGRAM = resolve(PROJECT_ROOT, 'apps/witness/main.ts')
