import { constants } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectureOf, filterFor, programFor, rulingsOf } from './filter.ts'
import { BPF, type Instruction } from './program.ts'
import type { Check } from './rules.ts'

const ARCHITECTURES = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const
type Architecture = keyof typeof ARCHITECTURES
interface Call {
  number: number
  arch: number
  args: bigint[]
}

/** What the kernel does with a program (Linux, filter documentation), as far as the instructions are used here. */
function run(program: readonly Instruction[], { number, arch, args }: Call): string {
  const data = new Map([
    [0, number],
    [4, arch],
    ...args.flatMap(
      (value, at): Array<[number, number]> => [
        [16 + 8 * at, Number(value & 0xffffffffn)],
        [20 + 8 * at, Number(value >> 32n)],
      ],
    ),
  ])
  let accumulator = 0
  for (let at = 0; at < program.length; at += 1) {
    const { code, jt, jf, k } = program[at] as Instruction
    if (code === BPF.LOAD) accumulator = data.get(k) ?? Number.NaN
    else if (code === BPF.AND) accumulator = (accumulator & k) >>> 0
    else if (code === BPF.JUMP) at += k
    else if (code === BPF.IF_EQUAL) at += accumulator === k ? jt : jf
    else if (code === BPF.IF_AT_LEAST) at += accumulator >= k ? jt : jf
    else if (code === BPF.IF_ANY) at += (accumulator & k) !== 0 ? jt : jf
    else if (code === BPF.RETURN) return k === 0x7fff0000 ? 'allow' : k === 0x80000000 ? 'kill' : `${k & 0xffff}`
    else throw new RangeError(`instruction ${code}`)
  }
  throw new RangeError('it ran off its end')
}

/** What the rules say, read one by one. */
function meant(architecture: Architecture, { number, arch, args }: Call): string {
  if (arch !== ARCHITECTURES[architecture]) return 'kill'
  const ruling = rulingsOf(architecture)[number]
  if (ruling === undefined) return '38'
  if (ruling === true) return 'allow'
  if ('errno' in ruling) return `${ruling.errno}`
  const failed = ruling.find((check) => !passes(check, args))
  return failed ? `${failed.errno}` : 'allow'
}

function passes({ when, argument, half = 'low', mask = 0xffffffff, allowed, denied = [] }: Check, args: bigint[]) {
  const low = (at: number): number => Number((args[at] ?? 0n) & 0xffffffffn)
  if (when && ('is' in when ? low(when.argument) !== when.is : (low(when.argument) & when.anyOf) === 0)) return true
  const value = ((half === 'low' ? low(argument) : Number((args[argument] ?? 0n) >> 32n)) & mask) >>> 0
  return allowed ? allowed.includes(value) : !denied.includes(value)
}

const interesting = fc.constantFrom(
  0n,
  1n,
  2n,
  4n,
  10n,
  16n,
  0x5412n,
  0o100n,
  0o4755n,
  0o60666n,
  0x10000000n,
  1n << 32n,
)
const anArgument = fc.oneof(interesting, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
const call = (arch: number) =>
  fc.record({
    number: fc.oneof(fc.nat({ max: 460 }), fc.constantFrom(0x40000000, 0xffffffff)),
    arch: fc.constantFrom(arch, arch, arch, 0x40000003),
    args: fc.array(anArgument, { minLength: 6, maxLength: 6 }),
  })

describe.each(Object.keys(ARCHITECTURES) as Architecture[])('the filter of %s', (architecture) => {
  const program = programFor(architecture)

  it('decides each call as the rules say', () => {
    fc.assert(
      fc.property(call(ARCHITECTURES[architecture]), (made) => {
        expect(run(program, made)).toBe(meant(architecture, made))
      }),
      { numRuns: 5_000 },
    )
  })

  it('decides every known call as the rules say', () => {
    for (let number = 0; number <= 455; number += 1) {
      const made = { number, arch: ARCHITECTURES[architecture], args: [0n, 0n, 0n, 0n, 0n, 0n] }
      expect(run(program, made), `call ${number}`).toBe(meant(architecture, made))
    }
  })

  it('is as long as the kernel takes it', () => {
    expect(filterFor(architecture).length).toBe(program.length * 8)
    expect(program.length).toBeLessThan(4_096)
  })
})

describe('the rules of x86_64', () => {
  const decide = (number: number, ...args: number[]) =>
    run(programFor('x86_64'), {
      number,
      arch: ARCHITECTURES.x86_64,
      args: [...args, 0, 0, 0, 0, 0, 0].slice(0, 6).map(BigInt),
    })
  const { EPERM, EAFNOSUPPORT } = constants.errno

  it.each([
    ['read', 'allow', [0]],
    ['ptrace', EPERM, [101]],
    ['mount', EPERM, [165]],
    ['bpf', EPERM, [321]],
    ['userfaultfd', EPERM, [323]],
    ['io_uring_setup', EPERM, [425]],
    ['clone3', 38, [435]],
    ['a thread', 'allow', [56, 0x3d0f00]],
    ['clone into a user namespace', EPERM, [56, 0x10000000]],
    ['a TCP socket', 'allow', [41, 2, 1]],
    ['a TCP socket that is closed on exec', 'allow', [41, 2, 0x80001]],
    ['a raw socket', EPERM, [41, 2, 3]],
    ['a netlink socket', EAFNOSUPPORT, [41, 16, 3]],
    ['a vsock', EAFNOSUPPORT, [41, 40, 1]],
    ['chmod 755', 'allow', [90, 0, 0o755]],
    ['chmod 4755', EPERM, [90, 0, 0o4755]],
    ['openat that makes no file, with rubbish for a mode', 'allow', [257, 0, 0, 0, 0o7777]],
    ['openat that makes a setuid file', EPERM, [257, 0, 0, 0o101, 0o4755]],
    ['a device', EPERM, [133, 0, 0o020666, 1]],
    ['a FIFO', 'allow', [133, 0, 0o010666]],
    ['typing into a terminal', EPERM, [16, 0, 0x5412]],
    ['reading a limit of cores', 'allow', [302, 0, 4, 0, 1]],
    ['setting a limit of cores', EPERM, [302, 0, 4, 1]],
    ['an x32 call', 38, [0x40000000]],
  ] as Array<[string, string | number, [number, ...number[]]]>)(
    'make of %s: %s',
    (_what, decision, [number, ...args]) => expect(decide(number, ...args)).toBe(String(decision)),
  )

  it('are for machines of which the numbers are known', () => {
    expect([architectureOf('x64'), architectureOf('arm64'), architectureOf('riscv64')]).toEqual([
      'x86_64',
      'aarch64',
      undefined,
    ])
  })
})
