import type { Action, PerformMessage, PerformRequest } from '@azora/contracts'

/** What a request says on its way to a node: its action once, within the verdict where that holds it. */
export function messageOf({ action, ...rest }: PerformRequest): PerformMessage {
  return rest.receipt?.entry.payload?.action === action ? rest : { ...rest, action }
}

/** The request that a message stands for. Its action is no better known than its receipt, which the permit check looks at. */
export function requestIn({ action, ...rest }: PerformMessage): PerformRequest {
  return { ...rest, action: action ?? (rest.receipt?.entry.payload?.action as Action) }
}
