/** What a wrapped key is bound to; it unwraps only under the same. */
export type KeyContext = Readonly<Record<string, string>>

/**
 * Keeps the key that data keys are wrapped with. Contract: `unwrap` answers what was given to `wrap` under the same
 * context, and throws for every other context or altered bytes.
 */
export interface Kms {
  /** Names the key, without giving anything of it away; a wrapped key is kept with it. */
  readonly name: string
  /** Throws `kms_unavailable`. */
  wrap(dataKey: Buffer, context: KeyContext): Promise<Buffer>
  /** Throws `kms_unavailable` or `secret_unreadable`. */
  unwrap(wrapped: Buffer, context: KeyContext): Promise<Buffer>
}
