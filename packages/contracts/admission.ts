import { z } from 'zod'
import { PeriodBudget } from './budget.ts'
import { Name, Timestamp } from './names.ts'
import { PrincipalId, Tenant } from './run.ts'

const RUNS_MAX = 10_000_000
const NAMED_MAX = 10_000

const Concurrency = z.int().min(1).max(100_000)

/** So many runs may be accepted in so many seconds; after a quiet time up to `burst` at once. */
export const AcceptRate = z.strictObject({
  runs: z.int().min(1).max(1_000_000),
  seconds: z.int().min(1).max(86_400),
  burst: z.int().min(1).max(1_000_000),
})
export type AcceptRate = z.infer<typeof AcceptRate>

/** What one tenant may take; what is absent is as for every tenant. */
export const TenantLimits = z.strictObject({
  /** Its share of the places while others wait too, in proportion to theirs; 1 if absent. */
  weight: z.int().min(1).max(1_000).exactOptional(),
  /** Runs that are carried forward at one time. */
  concurrency: Concurrency.exactOptional(),
  /** Runs that wait to start. */
  queue: z.int().min(1).max(RUNS_MAX).exactOptional(),
  rate: AcceptRate.exactOptional(),
  budget: PeriodBudget.exactOptional(),
})
export type TenantLimits = z.infer<typeof TenantLimits>

const isShort = (all: object): boolean => Object.keys(all).length <= NAMED_MAX
const TOO_MANY = `may name ${NAMED_MAX} at most`

const OfOne = z.strictObject({ concurrency: Concurrency })
/** What the runs of one agent may take. */
export const AgentLimits = z.strictObject({
  concurrency: Concurrency.exactOptional(),
  budget: PeriodBudget.exactOptional(),
})
export type AgentLimits = z.infer<typeof AgentLimits>

/** How runs are accepted and admitted. */
export const AdmissionLimits = z.strictObject({
  /** A run that has waited for so long counts as one priority higher. */
  agingSeconds: z.int().min(1).max(86_400).default(60),
  /** Runs of all tenants that wait to start. */
  queue: z.int().min(1).max(RUNS_MAX).default(2_000_000),
  /** For every tenant, unless it has its own. */
  everyTenant: TenantLimits.prefault({ queue: 1_000_000 }),
  tenants: z.record(Tenant, TenantLimits).refine(isShort, TOO_MANY).default({}),
  agents: z.record(Name, AgentLimits).refine(isShort, TOO_MANY).default({}),
  /** For runs that perform one skill without an agent. */
  skills: z.record(Name, OfOne).refine(isShort, TOO_MANY).default({}),
})
export type AdmissionLimits = z.infer<typeof AdmissionLimits>

/** `GET /api/v1/limits` */
export const AdmissionLimitsView = z.strictObject({
  limits: AdmissionLimits,
  /** Index of the entry that set them; absent while nobody has. */
  index: z.int().min(0).exactOptional(),
  by: PrincipalId.exactOptional(),
  since: Timestamp.exactOptional(),
})
export type AdmissionLimitsView = z.infer<typeof AdmissionLimitsView>

/** `POST /api/v1/limits` */
export const SetLimitsRequest = z.strictObject({
  limits: AdmissionLimits,
  /** `index` of the limits that these replace; absent when none were set. */
  replaces: z.int().min(0).exactOptional(),
})
export type SetLimitsRequest = z.input<typeof SetLimitsRequest>
