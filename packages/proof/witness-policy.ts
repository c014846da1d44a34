import { fromBase64, toHex } from '#crypto'
import { parseVerifier, parseWitnessKey, type Verifier, type WitnessKey } from './keys.ts'

/** Whose cosignatures make a checkpoint valid (C2SP tlog-policy). */
export interface WitnessPolicy {
  /** The logs that the policy speaks of; empty when they are known otherwise. */
  logs: ReadonlyArray<{ key: Verifier; url?: string }>
  witnesses: ReadonlyArray<PolicyWitness>
  /** The rule in words, such as `2 of (north, south, east)`; `none` when no cosignature is needed. */
  rule: string
  /** Whether cosignatures of these witnesses are enough. */
  isQuorum(cosigners: ReadonlySet<WitnessKey>): boolean
}

export interface PolicyWitness {
  /** Its name within the policy. */
  name: string
  key: WitnessKey
  /** Where it takes checkpoints (C2SP tlog-witness, submission prefix). */
  url?: string
}

export type PolicyReading = { policy: WitnessPolicy; flaw?: undefined } | { policy?: undefined; flaw: string }

/** A witness or a group. */
interface Member {
  rule: string
  isMet(cosigners: ReadonlySet<WitnessKey>): boolean
  /** Whether a group counts it already: each may count once. */
  used: boolean
}

const CHARS_MAX = 256 * 1024
const LINES_MAX = 2_000
const NONE: Member = { rule: 'none', isMet: () => true, used: false }

/** What is wrong with a line; it never leaves this file. */
class Flaw extends Error {}

/**
 * Reads a policy file in the form of C2SP tlog-policy. Keys are Ed25519: of logs with type 0x01, of witnesses with type
 * 0x04. The flaw of a malformed one names its line.
 */
export function parseWitnessPolicy(text: string): PolicyReading {
  if (text.length > CHARS_MAX) return { flaw: 'the policy is longer than 256 KiB' }
  const lines = text.split('\n')
  if (lines.length > LINES_MAX) return { flaw: `the policy has more than ${LINES_MAX} lines` }
  const reader = createReader()
  for (const [at, line] of lines.entries()) {
    try {
      reader.read(line)
    } catch (thrown) {
      if (thrown instanceof Flaw) return { flaw: `line ${at + 1}: ${thrown.message}` }
      throw thrown
    }
  }
  const policy = reader.end()
  return policy ? { policy } : { flaw: 'there is no quorum line' }
}

function createReader() {
  const logs: Array<{ key: Verifier; url?: string }> = []
  const witnesses: PolicyWitness[] = []
  const members = new Map<string, Member>([['none', NONE]])
  const keys = new Set<string>()
  let quorum: Member | undefined

  const define = (name: string | undefined, member: Member): void => {
    if (!name || members.has(name)) throw new Flaw(`the name ${name} is taken`)
    members.set(name, member)
  }
  const known = (name: string | undefined): Member => {
    const member = members.get(name ?? '')
    if (member) return member
    throw new Flaw(`nothing before it is called ${name ?? '(no name)'}`)
  }
  const onceOnly = <Key extends Verifier | WitnessKey>(role: string, key: Key | undefined): Key => {
    if (!key) throw new Flaw(`it names no Ed25519 key of a ${role}`)
    const id = `${role} ${publicHalf(key)}`
    if (keys.has(id)) throw new Flaw(`the ${role} ${key.name} has the key of an earlier one`)
    keys.add(id)
    return key
  }
  const readers: Record<string, (words: string[]) => void> = {
    log([vkey = '', url, ...rest]) {
      assertEnd(rest)
      logs.push({ key: onceOnly('log', parseVerifier(vkey)), ...(url !== undefined && { url }) })
    },
    witness([name, vkey = '', url, ...rest]) {
      assertEnd(rest)
      const key = onceOnly('witness', parseWitnessKey(vkey))
      define(name, { rule: name ?? '', isMet: (cosigners) => cosigners.has(key), used: false })
      witnesses.push({ name: name ?? '', key, ...(url !== undefined && { url }) })
    },
    group([name, count = '', ...names]) {
      const group = names.map((member) => {
        const found = known(member)
        if (found === NONE) throw new Flaw('none is no member of a group')
        if (found.used) throw new Flaw(`${member} is in a group already`)
        found.used = true
        return found
      })
      const least = leastOf(count, group.length)
      define(name, {
        rule: `${least} of (${group.map(({ rule }) => rule).join(', ')})`,
        isMet: (cosigners) => group.filter((member) => member.isMet(cosigners)).length >= least,
        used: false,
      })
    },
    quorum([name, ...rest]) {
      assertEnd(rest)
      if (quorum) throw new Flaw('there is a second quorum line')
      quorum = known(name)
    },
  }
  return {
    read(line: string): void {
      if (hasControl(line)) throw new Flaw('it has a control character')
      const [first = '', ...words] = line.split(/[ \t]+/).filter(Boolean)
      if (first === '' || first.startsWith('#')) return
      const reader = Object.hasOwn(readers, first) ? readers[first] : undefined
      if (!reader) throw new Flaw(`${first.slice(0, 40)} is none of log, witness, group and quorum`)
      reader(words)
    },
    end(): WitnessPolicy | undefined {
      const rule = quorum
      return rule && { logs, witnesses, rule: rule.rule, isQuorum: (cosigners) => rule.isMet(cosigners) }
    },
  }
}

function leastOf(count: string, members: number): number {
  if (members === 0) throw new Flaw('a group needs a member')
  if (count === 'all') return members
  if (count === 'any') return 1
  if (/^[1-9]\d{0,3}$/.test(count) && Number(count) <= members) return Number(count)
  throw new Flaw(`${count.slice(0, 40)} is none of all, any and 1 to ${members}`)
}

function assertEnd(rest: readonly string[]): void {
  if (rest.length > 0) throw new Flaw(`it goes on with ${rest[0]?.slice(0, 40)}`)
}

/** The bytes of the key itself, whatever its name. */
function publicHalf({ text }: Verifier | WitnessKey): string {
  const [, , ...encoded] = text.split('+')
  return toHex((fromBase64(encoded.join('+')) ?? new Uint8Array()).subarray(1))
}

function hasControl(line: string): boolean {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true
  }
  return false
}
