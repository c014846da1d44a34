import { declaredSkill } from './declared-skill.ts'
import type { ActionSubject, Detector, ObservationSubject, OutputSubject, PlanSubject } from './detector.ts'
import { effects } from './effects.ts'
import { hostScope } from './host-scope.ts'
import { identity } from './identity.ts'
import { integers } from './integers.ts'
import { pathScope } from './path-scope.ts'
import { privateHost } from './private-host.ts'
import { protectedPaths } from './protected-paths.ts'
import { secretsInArguments, secretsInOutput } from './secrets.ts'

/** Every detector, by what it looks at. */
export interface Detectors {
  action: ReadonlyArray<Detector<ActionSubject>>
  output: ReadonlyArray<Detector<OutputSubject>>
  observation: ReadonlyArray<Detector<ObservationSubject>>
  plan: ReadonlyArray<Detector<PlanSubject>>
}

export const DETECTORS: Detectors = {
  action: [
    declaredSkill,
    effects,
    hostScope,
    identity,
    integers,
    pathScope,
    privateHost,
    protectedPaths,
    secretsInArguments,
  ],
  output: [secretsInOutput],
  observation: [],
  plan: [],
}
