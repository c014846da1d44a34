import type { JournalKeyStatement, KeyEndorsement } from '@azora/contracts'
import { parseVerifier, type Signer, type Verifier } from './keys.ts'
import type { Flaw } from './receipt.ts'
import { isSignedBy, signStatement } from './statement.ts'

/** Both keys sign that one takes over from the other. */
export function endorseKey(
  { previous, key }: { previous: Signer; key: Signer },
  when: Pick<JournalKeyStatement, 'from' | 'previousUntil' | 'at'>,
): KeyEndorsement {
  const statement: JournalKeyStatement = {
    type: 'azora.journal-key.v1',
    shard: key.verifier.name,
    key: key.verifier.text,
    previous: previous.verifier.text,
    ...when,
  }
  return {
    statement,
    byPrevious: signStatement(statement, previous).signature,
    byKey: signStatement(statement, key).signature,
  }
}

/** Checks an endorsement by itself: both of its keys signed it, and both are keys of its log. */
export function flawInEndorsement({ statement, byPrevious, byKey }: KeyEndorsement): Flaw {
  const { shard, key, previous, from, previousUntil } = statement
  for (const text of [previous, key])
    if (parseVerifier(text)?.name !== shard) return `${text.slice(0, 100)} is no key of ${shard}`
  if (key === previous) return 'a key endorses itself'
  if (Date.parse(previousUntil) < Date.parse(from)) return 'the old key ends before the new one begins'
  if (!isSignedBy({ statement, signature: byPrevious, key: previous }, [previous]))
    return `the key ${key.slice(0, 100)} is not endorsed by the one before it`
  if (!isSignedBy({ statement, signature: byKey, key }, [key]))
    return `the key ${key.slice(0, 100)} did not sign that it takes over`
  return undefined
}

/** Which keys of a journal count: a key that was given, and what it endorses, directly or not. */
export interface KeyTrust {
  /**
   * Takes over what a chain adds. All or nothing: a chain with a flaw changes nothing. A key has one successor, the
   * first that was heard of, so that a key that was stolen later can't lead elsewhere.
   */
  follow(chain: readonly KeyEndorsement[]): Flaw
  /** The keys whose signature counts at a time, milliseconds since 1970: the newest, and those that still overlap. */
  keysAt(nowMs: number): readonly Verifier[]
}

/** @param root the key that is trusted from the start */
export function createKeyTrust(root: Verifier): KeyTrust {
  let keys: Array<{ verifier: Verifier; untilMs: number }> = [{ verifier: root, untilMs: Number.POSITIVE_INFINITY }]
  return {
    follow(chain) {
      const next = keys.map((key) => ({ ...key }))
      const known = new Set(next.map(({ verifier }) => verifier.text))
      // What leads to the oldest key that is trusted is not for us to judge: nobody we trust vouches for it.
      const start = chain.findIndex(({ statement }) => known.has(statement.previous))
      if (start === -1)
        return chain.length === 0 || chain.at(-1)?.statement.key === root.text
          ? undefined
          : 'the chain starts from no key that is trusted'
      for (const endorsement of chain.slice(start)) {
        const { statement } = endorsement
        const flaw = flawInEndorsement(endorsement)
        if (flaw) return flaw
        const at = next.findIndex(({ verifier }) => verifier.text === statement.previous)
        const [previous, successor] = [next[at], next[at + 1]]
        if (!previous) return 'the chain is broken'
        if (successor && successor.verifier.text !== statement.key)
          return `the key ${statement.previous.slice(0, 100)} was succeeded by another one`
        if (successor) continue
        const verifier = parseVerifier(statement.key)
        if (!verifier || known.has(statement.key)) return 'the chain comes back to an older key'
        known.add(statement.key)
        previous.untilMs = Date.parse(statement.previousUntil)
        next.push({ verifier, untilMs: Number.POSITIVE_INFINITY })
      }
      keys = next
      return undefined
    },
    keysAt: (nowMs) => keys.filter(({ untilMs }) => nowMs < untilMs).map(({ verifier }) => verifier),
  }
}
