import { z } from 'zod'
import { AbsolutePath, Host, SecretName } from './names.ts'

const MAX_RESOURCES = 64

/** ISO 4217. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')

/** An amount of money in minor units: 1250 EUR is 12.50 €. */
export const Money = z.strictObject({ currency: Currency, amount: z.int().min(0) })
export type Money = z.infer<typeof Money>

/** What an action may touch outside its run's own workspace. Everything that is not listed is unreachable. */
export const Resources = z.strictObject({
  /** Paths of the host that may be read. */
  read: z.array(AbsolutePath).max(MAX_RESOURCES).default([]),
  /** Paths of the host that may be read and written. */
  write: z.array(AbsolutePath).max(MAX_RESOURCES).default([]),
  /** Hosts that may be reached over HTTP(S). */
  hosts: z.array(Host).max(MAX_RESOURCES).default([]),
  /** Money that may be spent, in all; absent for none. */
  spend: z.array(Money).max(8).exactOptional(),
})
export type Resources = z.infer<typeof Resources>

/** What a run may touch at most, granted by the person who starts it. The agent can't widen it. */
export const Scope = Resources.extend({
  /** Secrets that may be leased. */
  secrets: z.array(SecretName).max(MAX_RESOURCES).exactOptional(),
}).describe('What the run may touch at most; its agent can not widen it.')
export type Scope = z.infer<typeof Scope>
