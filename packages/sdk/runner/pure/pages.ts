const PAGE_BYTES = 4_096

/** Consecutive pages that hold something. */
export interface Held {
  at: number
  bytes: Uint8Array
}

/** A copy of all pages that hold anything but zeros, in their order. */
export function heldIn(memory: Uint8Array): Held[] {
  const held: Held[] = []
  let from: number | undefined
  for (let at = 0; at < memory.length; at += PAGE_BYTES) {
    if (!isEmpty(memory.subarray(at, at + PAGE_BYTES))) from ??= at
    else if (from !== undefined) {
      held.push({ at: from, bytes: memory.slice(from, at) })
      from = undefined
    }
  }
  if (from !== undefined) held.push({ at: from, bytes: memory.slice(from) })
  return held
}

const ZEROS = new Uint8Array(65_536)

/** @param bytes of 64 KiB at most */
export const isEmpty = (bytes: Uint8Array): boolean => Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
