import type { VerificationRequest } from '@azora/contracts'
import type { OutputRequest } from '../request.ts'
import { declaredSkill } from './declared-skill.ts'
import type { Detector } from './detector.ts'
import { effects } from './effects.ts'
import { hostScope } from './host-scope.ts'
import { identity } from './identity.ts'
import { integers } from './integers.ts'
import { pathScope } from './path-scope.ts'
import { privateHost } from './private-host.ts'
import { protectedPaths } from './protected-paths.ts'
import { secretsInArguments, secretsInOutput } from './secrets.ts'

export const ACTION_DETECTORS: ReadonlyArray<Detector<VerificationRequest>> = [
  declaredSkill,
  effects,
  hostScope,
  identity,
  integers,
  pathScope,
  privateHost,
  protectedPaths,
  secretsInArguments,
]

export const OUTPUT_DETECTORS: ReadonlyArray<Detector<OutputRequest>> = [secretsInOutput]
