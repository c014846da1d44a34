import { isGranted, type Target } from '../egress/target.ts'

/** Whether a secret is for this target: its hosts name it. */
export const targetIsOf = (hosts: readonly string[], target: Target): boolean => isGranted(new Set(hosts), target)
