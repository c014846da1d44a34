import type { Action, PerformMessage, PerformRequest } from '@azora/contracts'

/**
 * The requests that a message stands for. The action of one is no better known than its receipt, which the permit check looks
 * at, as it does at a path of which a node is missing.
 */
export function requestsIn({ checkpoint, nodes, requests }: PerformMessage): PerformRequest[] {
  return requests.map(({ action, entry, inclusion, ...rest }) => ({
    ...rest,
    type: 'perform',
    action: action ?? (entry?.payload?.action as Action),
    ...(checkpoint !== undefined &&
      entry &&
      inclusion && {
        receipt: {
          entry,
          inclusion: { index: inclusion.index, path: inclusion.path.map((at) => nodes[at] ?? '') },
          checkpoint,
        },
      }),
  }))
}
