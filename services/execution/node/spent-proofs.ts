/** Remembers which proofs were used, for as long as they could be used again. */
export interface SpentProofs {
  has(nonce: string): boolean
  /** False when there is no room. */
  add(nonce: string, expiresAtMs: number, nowMs: number): boolean
}

export function createSpentProofs(max: number): SpentProofs {
  const expiries = new Map<string, number>()
  return {
    has: (nonce) => expiries.has(nonce),
    add(nonce, expiresAtMs, nowMs) {
      if (expiries.size >= max) {
        for (const [known, expiry] of expiries) if (expiry <= nowMs) expiries.delete(known)
      }
      if (expiries.size >= max) return false
      expiries.set(nonce, expiresAtMs)
      return true
    },
  }
}
