/**
 * Instructions of classic BPF as seccomp(2) takes them (Linux, filter.h). A jump goes over `jt` or `jf` instructions.
 */
export interface Instruction {
  code: number
  jt: number
  jf: number
  k: number
}

export const BPF = {
  LOAD: 0x20,
  AND: 0x54,
  JUMP: 0x05,
  IF_EQUAL: 0x15,
  IF_AT_LEAST: 0x35,
  IF_ANY: 0x45,
  RETURN: 0x06,
} as const

const ALLOW = 0x7fff0000
const ERRNO = 0x00050000
const KILL_PROCESS = 0x80000000

/** Offsets into `struct seccomp_data`, on little-endian machines. */
const NUMBER = 0
const ARCHITECTURE = 4
const ARGUMENTS = 16

const step = (code: number, k: number, jt = 0, jf = 0): Instruction => ({ code, jt, jf, k: k >>> 0 })

export const loadNumber = (): Instruction => step(BPF.LOAD, NUMBER)
export const loadArchitecture = (): Instruction => step(BPF.LOAD, ARCHITECTURE)
export const loadArgument = (index: number, half: 'low' | 'high' = 'low'): Instruction =>
  step(BPF.LOAD, ARGUMENTS + 8 * index + (half === 'high' ? 4 : 0))
export const and = (mask: number): Instruction => step(BPF.AND, mask)
export const jump = (over: number): Instruction => step(BPF.JUMP, over)
export const ifEqual = (value: number, jt: number, jf: number): Instruction => step(BPF.IF_EQUAL, value, jt, jf)
export const ifAtLeast = (value: number, jt: number, jf: number): Instruction => step(BPF.IF_AT_LEAST, value, jt, jf)
export const ifAny = (mask: number, jt: number, jf: number): Instruction => step(BPF.IF_ANY, mask, jt, jf)
export const allow = (): Instruction => step(BPF.RETURN, ALLOW)
export const refuse = (errno: number): Instruction => step(BPF.RETURN, ERRNO | errno)
export const kill = (): Instruction => step(BPF.RETURN, KILL_PROCESS)

const INSTRUCTION_BYTES = 8

/** An array of `struct sock_filter`, as bwrap reads it. */
export function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * INSTRUCTION_BYTES)
  program.forEach(({ code, jt, jf, k }, at) => {
    const offset = at * INSTRUCTION_BYTES
    bytes.writeUInt16LE(code, offset)
    bytes.writeUInt8(jt, offset + 2)
    bytes.writeUInt8(jf, offset + 3)
    bytes.writeUInt32LE(k, offset + 4)
  })
  return bytes
}
