import type { EntryHeader } from '@azora/contracts'

/**
 * Canonical JSON (RFC 8785) of a header. A header's members are known and its values are strings and whole numbers, for
 * which `JSON.stringify` writes the canonical form once the members are in order; that takes a fifth of the time of a
 * canonicalizer for any value.
 */
export const headerText = ({
  actor,
  at,
  index,
  kind,
  payloadDigest,
  run,
  runIndex,
  shard,
  tenant,
  transition,
}: EntryHeader): string =>
  JSON.stringify({
    actor,
    at,
    index,
    kind,
    payloadDigest,
    run,
    runIndex,
    shard,
    tenant,
    transition: transition && { from: transition.from, to: transition.to },
  })
