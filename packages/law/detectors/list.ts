import { claims } from './claims/claims.ts'
import { declaredSkill } from './declared-skill.ts'
import type { ActionSubject, Detector, ObservationSubject, OutputSubject, PlanSubject } from './detector.ts'
import { effects } from './effects.ts'
import { exfiltration } from './exfiltration/exfiltration.ts'
import { hostScope } from './host-scope.ts'
import { identity } from './identity.ts'
import { injection } from './injection/injection.ts'
import { integers } from './integers.ts'
import { licences } from './licences/licences.ts'
import { mockCode } from './mock/mock.ts'
import { mockOutput } from './mock/output.ts'
import { pathEscape } from './path-escape.ts'
import { pathScope } from './path-scope.ts'
import { personalDataLeaves, personalDataRead } from './personal/personal.ts'
import { planDeclaredSkills } from './plan/declared-skills.ts'
import { planFanOut } from './plan/fan-out.ts'
import { planSecretsOut } from './plan/secrets-out.ts'
import { planSpending } from './plan/spending.ts'
import { privateHost } from './private-host.ts'
import { protectedPaths } from './protected-paths.ts'
import { secretLeases } from './secret-leases.ts'
import { secretsInArguments, secretsInOutput, secretsRead } from './secrets.ts'
import { shell } from './shell/shell.ts'
import { spend } from './spend.ts'
import { sql } from './sql/sql.ts'

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
    exfiltration,
    hostScope,
    identity,
    integers,
    licences,
    mockCode,
    pathEscape,
    pathScope,
    personalDataLeaves,
    privateHost,
    protectedPaths,
    secretLeases,
    secretsInArguments,
    shell,
    spend,
    sql,
  ],
  output: [claims, mockOutput, secretsInOutput],
  observation: [injection, personalDataRead, secretsRead],
  plan: [planDeclaredSkills, planFanOut, planSecretsOut, planSpending],
}
