import { parseVerifier, parseWitnessKey, parseWitnessPolicy, type Verifier, type WitnessKey } from '@azora/proof/verify'

/** What the reader of a bundle knows from elsewhere. Whatever is missing is named as not proved. */
export interface VerifyOptions {
  /** Verifier key (C2SP signed-note) of the journal, or an older one that leads to it. */
  trustedKey?: string | undefined
  /** Verifier keys of those whose signature puts a constitution in force. */
  ownerKeys?: readonly string[] | undefined
  /** Keys of witnesses (C2SP tlog-cosignature), and how many of them have to have cosigned: all, unless told. */
  witnesses?: { keys: readonly string[]; threshold?: number | undefined } | undefined
  /** The same as the text of a policy (C2SP tlog-policy), in place of `witnesses`. */
  witnessPolicy?: string | undefined
}

/** Which witnesses are known, and which of them are enough. */
export interface Quorum {
  keys: readonly WitnessKey[]
  /** In words. */
  rule: string
  isMet(cosigners: ReadonlySet<WitnessKey>): boolean
}

export interface Trust {
  journal?: Verifier
  ownerKeys?: readonly string[]
  /** Absent when no witness is known. */
  quorum?: Quorum
}

/** Thrown for an option that is no key; the message says which. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
}

/** @throws OptionError */
export function readOptions({ trustedKey, ownerKeys, witnesses, witnessPolicy }: VerifyOptions): Trust {
  const quorum = witnessPolicy === undefined ? witnesses && quorumOf(witnesses) : quorumIn(witnessPolicy)
  return {
    ...(trustedKey !== undefined && { journal: verifierIn(trustedKey, 'trusted key') }),
    ...(ownerKeys && { ownerKeys: ownerKeys.map((key) => verifierIn(key, "owner's key").text) }),
    ...(quorum && { quorum }),
  }
}

function quorumOf({ keys: texts, threshold = texts.length }: NonNullable<VerifyOptions['witnesses']>): Quorum {
  const keys = texts.map((text) => {
    const key = parseWitnessKey(text.trim())
    if (key) return key
    throw new OptionError(`${text} is not the key of a witness`)
  })
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length)
    throw new OptionError(`${threshold} of ${keys.length} witnesses can't be asked for`)
  return {
    keys,
    rule: `${threshold} of (${keys.map(({ name }) => name).join(', ')})`,
    isMet: (cosigners) => cosigners.size >= threshold,
  }
}

function quorumIn(text: string): Quorum {
  const { policy, flaw } = parseWitnessPolicy(text)
  if (!policy) throw new OptionError(`the witness policy can't be read: ${flaw}`)
  return { keys: policy.witnesses.map(({ key }) => key), rule: policy.rule, isMet: policy.isQuorum }
}

function verifierIn(text: string, what: string): Verifier {
  const verifier = parseVerifier(text.trim())
  if (verifier) return verifier
  throw new OptionError(`the ${what} is not a verifier key: it looks like name+0a1b2c3d+base64`)
}
