import { z } from 'zod'
import { Currency } from './resources.ts'

const COUNT_MAX = 1_000_000_000_000
const Count = z.int().min(0).max(COUNT_MAX)

/** Money in millionths of the currency's unit: 12_500 USD is $0.0125. */
const MicroMoney = z.strictObject({ currency: Currency, micros: Count })

/** What one attempt at an action costs beside time: at most, where a skill declares it; in fact, in an outcome. */
export const Cost = z.strictObject({ tokens: Count.exactOptional(), money: MicroMoney.exactOptional() })
export type Cost = z.infer<typeof Cost>

/** What actions may use together; what is not named is not limited. */
export const UseLimits = z.strictObject({
  /** Milliseconds that actions take. */
  timeMs: Count.exactOptional(),
  tokens: Count.exactOptional(),
  money: MicroMoney.exactOptional(),
  /** `ask` if absent: the run is paused until people resume it. */
  onReached: z.enum(['ask', 'fail']).exactOptional(),
})
export type UseLimits = z.infer<typeof UseLimits>

/** What a person lets a run use altogether from now on; what is not named stays as it was. */
export const NewUseLimits = UseLimits.refine((limits) => Object.keys(limits).length > 0, 'it names nothing')
export type NewUseLimits = z.infer<typeof NewUseLimits>

/** What a run may use of the budget of the run that started it. */
export const Share = UseLimits.omit({ onReached: true })
export type Share = z.infer<typeof Share>

/** What the actions of an agent or a tenant may use together in a period, which is one of UTC. */
export const PeriodBudget = UseLimits.extend({
  per: z.enum(['day', 'month', 'total']),
  /** Attempts at actions. */
  actions: Count.exactOptional(),
})
export type PeriodBudget = z.infer<typeof PeriodBudget>

/** Amounts by what they are of: `actions`, `timeMs`, `tokens`, and `USD` and the like in millionths. */
export const Amounts = z.record(z.string().max(10), z.number().min(0))
export type Amounts = z.infer<typeof Amounts>

/** What limits allow, or a cost names, as amounts. */
export const amountsOf = ({
  actions,
  timeMs,
  tokens,
  money,
}: Omit<UseLimits, 'onReached'> & { actions?: number }): Amounts => ({
  ...(actions !== undefined && { actions }),
  ...(timeMs !== undefined && { timeMs }),
  ...(tokens !== undefined && { tokens }),
  ...(money && { [money.currency]: money.micros }),
})

/** What is used and reserved of a run's own budget. */
export const RunUse = z.strictObject({
  used: Amounts,
  /** Kept for actions of which it is not known how they end. */
  reserved: Amounts,
  /** Times that people let it use as much again. */
  renewals: z.int().min(0),
})
export type RunUse = z.infer<typeof RunUse>

/** What is used and reserved of one budget. */
export const BudgetView = z.strictObject({
  /** `tenant:acme` or `agent:repo-steward`. */
  of: z.string().max(200),
  budget: PeriodBudget,
  /** Such as `2026-11-28`, `2026-11` or `total`. */
  period: z.string().max(10),
  used: Amounts,
  /** Kept for actions of which it is not known how they end. */
  reserved: Amounts,
})
export type BudgetView = z.infer<typeof BudgetView>

/** `GET /api/v1/budgets` */
export const BudgetList = z.strictObject({ budgets: z.array(BudgetView).max(30_000) })
export type BudgetList = z.infer<typeof BudgetList>
