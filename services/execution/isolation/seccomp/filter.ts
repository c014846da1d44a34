import {
  allow,
  and,
  encode,
  type Instruction,
  ifAny,
  ifAtLeast,
  ifEqual,
  jump,
  kill,
  loadArchitecture,
  loadArgument,
  loadNumber,
  refuse,
} from './program.ts'
import { CHECKS, type Check, LAST_KNOWN, OTHER_REFUSALS, REFUSAL, UNKNOWN } from './rules.ts'
import { SYSTEM_CALLS } from './system-calls.ts'

/** `AUDIT_ARCH_…` (Linux, audit.h). */
const ARCHITECTURES = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const
export type Architecture = keyof typeof ARCHITECTURES

/** What becomes of a system call: `true`, checks of its arguments, or an error. */
type Ruling = true | readonly Check[] | { errno: number }

/** The architecture of a Node.js process; undefined where there is no table of system calls for it. */
export function architectureOf(arch: NodeJS.Architecture): Architecture | undefined {
  if (arch === 'x64') return 'x86_64'
  return arch === 'arm64' ? 'aarch64' : undefined
}

/** The filter of every sandbox as a program for seccomp(2). */
export const filterFor = (architecture: Architecture): Buffer => encode(programFor(architecture))

export function programFor(architecture: Architecture): Instruction[] {
  const spans = spansOf(rulingsOf(architecture))
  return [loadArchitecture(), ifEqual(ARCHITECTURES[architecture], 1, 0), kill(), loadNumber(), ...decide(spans)]
}

export function rulingsOf(architecture: Architecture): Ruling[] {
  const rulings: Ruling[] = Array.from({ length: LAST_KNOWN + 1 }, () => ({ errno: REFUSAL }))
  for (const entry of SYSTEM_CALLS.split(',')) {
    const [name = '', x86, arm] = entry.trim().split(' ')
    const number = Number(architecture === 'x86_64' ? x86 : arm)
    if (Number.isInteger(number)) rulings[number] = CHECKS[name] ?? true
  }
  for (const { errno, ...number } of OTHER_REFUSALS) rulings[number[architecture]] = { errno }
  return rulings
}

/** Neighbours with the same ruling, from a number on. */
interface Span {
  from: number
  ruling: Ruling
}

function spansOf(rulings: readonly Ruling[]): Span[] {
  const all: Span[] = [...rulings, { errno: UNKNOWN }].map((ruling, from) => ({ from, ruling }))
  return all.filter(({ ruling, from }) => from === 0 || !isSame(ruling, all[from - 1]?.ruling))
}

const isSame = (a: Ruling, b: Ruling | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Halves the numbers until one ruling is left. What skips a half is a jump of its own, whose reach has no bound. */
function decide(spans: readonly Span[]): Instruction[] {
  const middle = spans.length >> 1
  const [first, second] = [spans[0], spans[middle]]
  if (!first || !second || middle === 0) return first ? rule(first.ruling) : []
  const [below, above] = [decide(spans.slice(0, middle)), decide(spans.slice(middle))]
  return [ifAtLeast(second.from, 0, 1), jump(below.length), ...below, ...above]
}

function rule(ruling: Ruling): Instruction[] {
  if (ruling === true) return [allow()]
  if ('errno' in ruling) return [refuse(ruling.errno)]
  return [...ruling.flatMap(check), allow()]
}

/** Goes on behind its last instruction if the argument passes. */
function check({ when, argument, half, mask, allowed, denied = [], errno }: Check): Instruction[] {
  const read = [loadArgument(argument, half), ...(mask === undefined ? [] : [and(mask)])]
  const body = allowed
    ? [...read, ...allowed.map((value, at) => ifEqual(value, allowed.length - at, 0)), refuse(errno)]
    : [...read, ...denied.flatMap((value) => [ifEqual(value, 0, 1), refuse(errno)])]
  if (!when) return body
  const condition = 'is' in when ? ifEqual(when.is, 0, body.length) : ifAny(when.anyOf, 0, body.length)
  return [loadArgument(when.argument), condition, ...body]
}
