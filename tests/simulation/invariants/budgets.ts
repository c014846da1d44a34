import { isTerminal, NODE_GONE } from '@azora/contracts'
import { payloadOf, type Stored, type Tables } from '../database/tables.ts'
import { must } from './flaw.ts'

/** What the server keeps of budgets is what the log says up to there: nothing negative, nothing lost, nothing twice. */
export function checkBudgets({ entries, budgets }: Tables): void {
  const known = entries.slice(0, budgets.next)
  const ended = new Set(
    known.flatMap(({ header }) => (header.transition && isTerminal(header.transition.to) ? [header.run] : [])),
  )
  for (const { subject, period, amounts } of budgets.used.values())
    for (const [name, amount] of Object.entries(amounts))
      must(amount >= 0, 'budgets are never negative', `${subject} ${period} ${name}: ${amount}`)
  let open = 0
  for (const { run, reservations } of budgets.open.values()) {
    must(reservations.length === 0 || !ended.has(run), 'what has ended reserves nothing', run)
    open += reservations.length
  }
  const used = budgets.used.get('total tenant:default')?.amounts.actions ?? 0
  const permitted = known.filter((stored) => payloadOf(stored, 'action.verified')?.permission).length
  const counted = `${used} used and ${open} reserved of ${permitted} permitted`
  must(used + open <= permitted, 'an attempt is charged once', counted)
  must(used + open >= permitted - known.filter(mayBeFree).length, 'no attempt is free', counted)
}

/** True for what may say that an attempt did not take place. */
function mayBeFree(stored: Stored): boolean {
  const outcome = payloadOf(stored, 'action.finished')?.outcome
  if (outcome) return outcome.state === 'cancelled' && outcome.node === 'none'
  return payloadOf(stored, 'action.refused')?.error.code === NODE_GONE
}
