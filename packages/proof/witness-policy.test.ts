import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WitnessKey } from './keys.ts'
import { createSigner, createWitness } from './signing.ts'
import { parseWitnessPolicy, type WitnessPolicy } from './witness-policy.ts'

const privateKey = () => generateKeyPairSync('ed25519').privateKey
const LOG = createSigner('example.org/log', privateKey()).verifier.text
const NAMES = ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'] as const
const pairs = NAMES.map((name) => ({ name, privateKey: privateKey() }))
const keys = pairs.map((pair) => createWitness(`witness.example/${pair.name}`, pair.privateKey).key.text)
const [X1 = '', X2 = ''] = keys
const WITNESSES = NAMES.map((name, at) => `witness ${name} ${keys[at]}`).join('\n')

/** The example of C2SP tlog-policy. */
const EXAMPLE = `log ${LOG}

${WITNESSES.split('\n').slice(0, 3).join('\n')}
group X-witnesses 2 X1 X2 X3

${WITNESSES.split('\n').slice(3).join('\n')}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

function policyOf(text: string): WitnessPolicy {
  const { policy, flaw } = parseWitnessPolicy(text)
  if (!policy) throw new TypeError(flaw)
  return policy
}
const keysOf = ({ witnesses }: WitnessPolicy, names: readonly string[]): Set<WitnessKey> =>
  new Set(witnesses.filter(({ name }) => names.includes(name)).map(({ key }) => key))

describe('a policy', () => {
  it('with groups in groups is met as its specification says, by every set of witnesses', () => {
    const policy = policyOf(EXAMPLE)
    expect(policy.logs.map(({ key }) => key.text)).toEqual([LOG])
    expect(policy.rule).toBe('2 of (2 of (X1, X2, X3), 1 of (Y1, Y2, Y3))')
    for (let set = 0; set < 64; set += 1) {
      const names = NAMES.filter((_, at) => (set >> at) % 2 === 1)
      const count = (letter: string): number => names.filter((name) => name.startsWith(letter)).length
      expect(policy.isQuorum(keysOf(policy, names))).toBe(count('X') >= 2 && count('Y') >= 1)
    }
  })

  it('of k of n is met by exactly the sets of k and more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.subarray([...NAMES]), (least, names) => {
        const policy = policyOf(`${WITNESSES}\ngroup all-of-them ${least} ${NAMES.join(' ')}\nquorum all-of-them\n`)
        expect(policy.isQuorum(keysOf(policy, names))).toBe(names.length >= least)
      }),
    )
  })

  it('takes comments, blanks, tabs, addresses and a single witness', () => {
    const policy = policyOf(`# who\n\n\t witness \t X1  ${X1}\thttps://w.example/\n   #x\nquorum X1`)
    expect(policy.witnesses).toMatchObject([{ name: 'X1', url: 'https://w.example/' }])
    expect([policy.isQuorum(new Set()), policy.isQuorum(keysOf(policy, ['X1']))]).toEqual([false, true])
  })

  it('needs nobody with quorum none', () => {
    expect(policyOf('quorum none\n').isQuorum(new Set())).toBe(true)
  })

  it.each([
    ['no quorum', WITNESSES, 'there is no quorum line'],
    ['two quorums', 'quorum none\nquorum none', 'line 2: there is a second quorum line'],
    ['an unknown quorum', 'quorum X1', 'line 1: nothing before it is called X1'],
    ['a witness that comes later', `quorum X1\nwitness X1 ${X1}`, 'line 1: nothing before it is called X1'],
    ['a name that is taken', `witness X1 ${X1}\nwitness X1 ${X2}`, 'line 2: the name X1 is taken'],
    ['a witness called none', `witness none ${X1}`, 'line 1: the name none is taken'],
    [
      'one key twice',
      `witness X1 ${X1}\nwitness X2 ${X1}`,
      'line 2: the witness witness.example/X1 has the key of an earlier one',
    ],
    ['a log twice', `log ${LOG}\nlog ${LOG}`, 'line 2: the log example.org/log has the key of an earlier one'],
    ['the key of a log for a witness', `witness X1 ${LOG}`, 'line 1: it names no Ed25519 key of a witness'],
    ['the key of a witness for a log', `log ${X1}`, 'line 1: it names no Ed25519 key of a log'],
    ['a member in two groups', `witness X1 ${X1}\ngroup a any X1\ngroup b any X1`, 'line 3: X1 is in a group already'],
    ['a member twice', `witness X1 ${X1}\ngroup a any X1 X1`, 'line 2: X1 is in a group already'],
    ['none as a member', 'group a any none', 'line 1: none is no member of a group'],
    ['a group without members', 'group a any', 'line 1: a group needs a member'],
    ['more than all', `witness X1 ${X1}\ngroup a 2 X1`, 'line 2: 2 is none of all, any and 1 to 1'],
    ['none of them', `witness X1 ${X1}\ngroup a 0 X1`, 'line 2: 0 is none of all, any and 1 to 1'],
    ['an unknown word', 'witnesses X1', 'line 1: witnesses is none of log, witness, group and quorum'],
    ['a word of every object', 'constructor X1', 'line 1: constructor is none of log, witness, group and quorum'],
    ['too many words', 'quorum none at all', 'line 1: it goes on with at'],
    ['a control character', 'quorum none\r', 'line 1: it has a control character'],
  ])('is refused with %s, and its flaw names the line', (_, text, flaw) => {
    expect(parseWitnessPolicy(text)).toEqual({ flaw })
  })

  it('of the same public key under another name and id is a duplicate', () => {
    const again = createWitness('other.example', (pairs[0] as (typeof pairs)[number]).privateKey).key.text
    expect(parseWitnessPolicy(`witness X1 ${X1}\nwitness X2 ${again}`).flaw).toBe(
      'line 2: the witness other.example has the key of an earlier one',
    )
  })

  it('never makes the reader fail, whatever stands in it', () => {
    const word = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'any',
      'all',
      '1',
      'a',
      'b',
      X1,
      X2,
      LOG,
      '#',
      '\n',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          const { policy, flaw } = parseWitnessPolicy(text)
          expect(Boolean(policy)).toBe(flaw === undefined)
        },
      ),
    )
  })
})
