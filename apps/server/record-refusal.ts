import type { Refusal } from '@azora/execution'
import type { Journal } from '@azora/journal'

/** Puts a node's refusal on record, whoever asked the node. */
export const recordRefusalIn =
  (journal: Pick<Journal, 'append'>) =>
  async ({ action, actionDigest, node, error }: Refusal): Promise<void> => {
    await journal.append({
      kind: 'action.refused',
      tenant: action.tenant,
      actor: `node:${node}`,
      run: action.runId,
      payload: { stepId: action.stepId, actionDigest, node, error },
    })
  }
