import { EMPTY_ROOT, equal, isConsistent, rootsFromConsistency, type TreeHead, type WitnessRequest } from '@azora/proof'

/** What a witness makes of a checkpoint whose signature it has verified. */
export type Judgement =
  | { kind: 'cosign' }
  /** The sender knows too little: it says what the witness cosigned last. */
  | { kind: 'stale' }
  | { kind: 'refuse'; status: 400 | 409 | 422; why: string; finding?: FindingKind }

/**
 * `contradiction`: the log signed two trees of which neither continues the other; nobody but a holder of its key can bring that
 * about. `unproved`: there was no valid proof; the log may have been rewritten, or whoever sent it made a bad proof.
 */
export type FindingKind = 'contradiction' | 'unproved'

const refuse = (status: 400 | 409 | 422, why: string, finding?: FindingKind): Judgement => ({
  kind: 'refuse',
  status,
  why,
  ...(finding && { finding }),
})

/**
 * The rules of C2SP tlog-witness, `add-checkpoint`, in their order.
 *
 * @param seen the largest tree that was cosigned; undefined when none was
 */
export function judge(
  seen: TreeHead | undefined,
  shown: TreeHead,
  { oldSize, proof }: Pick<WitnessRequest, 'oldSize' | 'proof'>,
): Judgement {
  if (oldSize > shown.size) return refuse(400, 'the old size is larger than the checkpoint')
  if (oldSize !== (seen?.size ?? 0)) return { kind: 'stale' }
  if (shown.size === oldSize) {
    if (!equal(shown.root, seen?.root ?? EMPTY_ROOT))
      return refuse(409, `there are two roots for ${shown.size} entries`, seen && 'contradiction')
    return proof.length === 0 ? { kind: 'cosign' } : refuse(422, 'between equal sizes there is nothing to prove')
  }
  if (!seen || seen.size === 0)
    return proof.length === 0 ? { kind: 'cosign' } : refuse(422, 'from size 0 there is nothing to prove')
  if (isConsistent(seen, shown, proof)) return { kind: 'cosign' }
  const roots = rootsFromConsistency(seen.size, shown.size, proof)
  if (roots && equal(roots.to, shown.root))
    return refuse(
      422,
      `the first ${seen.size} entries of the log of ${shown.size} are not those that were cosigned`,
      'contradiction',
    )
  return refuse(422, `nothing proves that the log of ${shown.size} continues that of ${seen.size}`, 'unproved')
}
