import { readFileSync } from 'node:fs'
import { Action, RunFacts, Scope, VerificationRequest } from '@azora/contracts'
import { z } from 'zod'
import type { ActionSubject } from '../detectors/detector.ts'
import { readDocument } from '../facts/subject.ts'

/** The repository's own constitution. */
export const CONSTITUTION = new URL('../../../constitution/', import.meta.url)

/** What a case changes in the base request. */
export const RequestChanges = z.strictObject({
  action: Action.partial().optional(),
  scope: Scope.optional(),
  /** `null` for a run without an agent. */
  declaredSkills: z.array(z.string()).nullable().optional(),
  run: RunFacts.partial().optional(),
})
export type RequestChanges = z.input<typeof RequestChanges>

const BASE = VerificationRequest.parse(JSON.parse(readFileSync(new URL('cases/base.json', CONSTITUTION), 'utf8')))

/** The base request with changes; a change of the skill declares it too, unless the case says what is declared. */
export function requestFor(changes: RequestChanges): VerificationRequest {
  const action = { ...BASE.action, ...changes.action }
  const { declaredSkills = [action.skillId] } = changes
  return VerificationRequest.parse({
    action,
    scope: { ...BASE.scope, ...changes.scope },
    ...(declaredSkills === null ? {} : { declaredSkills }),
    run: { ...BASE.run, ...changes.run },
  })
}

/** The same as detectors see it. */
export function subjectFor(changes: RequestChanges): ActionSubject {
  const request = requestFor(changes)
  return { ...request, ...readDocument(request.action.input, request.action.formats) }
}
