import type { Gate } from '@azora/orchestrator'

const CONSTITUTION = '0'.repeat(64)
export const TERMS = { expiresMinutes: 10, useWithinMinutes: 5, batchMax: 3 }

/** Judges actions and outputs by the `verdict` that they ask for; allows what asks for none. Nobody decides about what they asked for. */
export const LAW: Gate = {
  digest: CONSTITUTION,
  verify({ action }) {
    const result = judge(action.input.verdict)
    if (result.verdict !== 'review') return result
    return { ...result, review: { ...TERMS, quorum: Number(action.input.quorum ?? 1) } }
  },
  verifyOutput({ outputs }) {
    const asked =
      outputs !== null && typeof outputs === 'object' && !Array.isArray(outputs) ? outputs.verdict : undefined
    const result = judge(asked)
    return result.verdict === 'review' ? { ...result, review: { ...TERMS, quorum: 1 } } : result
  },
  verifyPlan: () => judge('allow'),
  mayDecide: ({ decider, requesters }) => ({ allowed: !requesters.includes(decider.id), reasons: [] }),
  inspect: () => ({ taints: [], reasons: [] }),
}

function judge(wanted: unknown): ReturnType<Gate['verify']> {
  const verdict = wanted === 'deny' || wanted === 'review' ? wanted : 'allow'
  const reasons =
    verdict === 'allow'
      ? []
      : [{ article: '1', rule: 'test', severity: 'HIGH' as const, message: `it is asked to ${verdict}` }]
  return { verdict, score: verdict === 'allow' ? 100 : 50, reasons, constitution: CONSTITUTION }
}
