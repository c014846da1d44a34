import type { ProblemEntry } from './entry.ts'
import { idempotency } from './idempotency.ts'
import { journal } from './journal.ts'
import { keys } from './keys.ts'
import { law } from './law.ts'
import { parties } from './parties.ts'
import { requests } from './requests.ts'
import { runs } from './runs.ts'
import { schedules } from './schedules.ts'
import { scim } from './scim.ts'
import { secrets } from './secrets.ts'
import { signIn } from './sign-in.ts'
import { starting } from './starting.ts'
import { tenants } from './tenants.ts'
import { webhooks } from './webhooks.ts'

/** The error catalogue by topic: every code that Azora throws. Codes are stable: one that changes its meaning is a new one. */
export const problemTopics = {
  requests,
  idempotency,
  runs,
  schedules,
  law,
  journal,
  secrets,
  webhooks,
  parties,
  tenants,
  signIn,
  scim,
  keys,
  starting,
}

const catalogue = {
  ...requests,
  ...idempotency,
  ...runs,
  ...schedules,
  ...law,
  ...journal,
  ...secrets,
  ...webhooks,
  ...parties,
  ...tenants,
  ...signIn,
  ...scim,
  ...keys,
  ...starting,
}

export type ProblemCode = keyof typeof catalogue

/** The entry of each code. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemEntry>> = catalogue

/** What is known of a code; undefined for one that isn't ours. */
export const problemOf = (code: string): ProblemEntry | undefined =>
  Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as ProblemCode] : undefined

/** Where a code is explained, relative to the server: `type` of a problem (RFC 9457, section 3.1.1). */
export const problemType = (code: string): string => `/problems/${code}`
