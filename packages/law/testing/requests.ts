import { readFileSync } from 'node:fs'
import { VerificationRequest } from '@azora/contracts'
import { changed, type RequestChanges } from '../cases/changes.ts'
import type { ActionSubject } from '../detectors/detector.ts'
import { readDocument } from '../facts/subject.ts'

export { RequestChanges } from '../cases/changes.ts'

/** The repository's own constitution. */
export const CONSTITUTION = new URL('../../../constitution/', import.meta.url)

const BASE = VerificationRequest.parse(JSON.parse(readFileSync(new URL('cases/base.json', CONSTITUTION), 'utf8')))

/** The base request with changes. */
export const requestFor = (changes: RequestChanges): VerificationRequest => changed(BASE, changes)

/** The same as detectors see it. */
export function subjectFor(changes: RequestChanges): ActionSubject {
  const request = requestFor(changes)
  return { ...request, ...readDocument(request.action.input, request.action.formats) }
}
