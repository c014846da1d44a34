import { type Held, heldIn } from './pages.ts'

/**
 * Where a program that Emscripten compiled keeps what: its variables, then a stack that grows downwards, then a heap that
 * grows upwards. Memory above the heap's end was never written.
 */
export interface Layout {
  /** The stack, which lies between the variables and the heap. */
  stack: { from: number; to: number }
  /** Where the heap ends now, or a place behind that. */
  heapEnd(): number
}

/** Variables are looked for here. */
const VARIABLES_BYTES = 131_072
const PROBE_BYTES = 1_048_576

/**
 * Finds out by trial, as no program says: the word that holds the heap's end is the one that grows with an allocation and does
 * not shrink when that is freed. Where none does, the heap is taken to fill the memory. The trial leaves no trace: a heap that
 * it had made larger would be put back after each action.
 *
 * @param memory of a program that has begun and done little
 * @param probe allocates so many bytes and frees them
 */
export function layoutOf(memory: WebAssembly.Memory, probe: (bytes: number) => void): Layout {
  const held = heldIn(new Uint8Array(memory.buffer))
  const [variables, heap] = held
  const from = variables ? variables.at + variables.bytes.length : 0
  const stack = { from, to: heap?.at ?? from }
  const before = variablesOf(memory).slice()
  probe(PROBE_BYTES)
  const after = variablesOf(memory)
  const lastUsed = endOf(new Uint8Array(memory.buffer))
  const at = after.findIndex((word, place) => word >= lastUsed && word - (before[place] ?? 0) >= PROBE_BYTES / 2)
  putBack(new Uint8Array(memory.buffer, 0, lastUsed), held)
  const whole = (): number => memory.buffer.byteLength
  return { stack, heapEnd: at < 0 ? whole : () => Math.min(variablesOf(memory)[at] ?? whole(), whole()) }
}

const variablesOf = (memory: WebAssembly.Memory): Uint32Array => new Uint32Array(memory.buffer, 0, VARIABLES_BYTES / 4)

function putBack(memory: Uint8Array, held: readonly Held[]): void {
  memory.fill(0)
  for (const { at, bytes } of held) memory.set(bytes, at)
}

function endOf(memory: Uint8Array): number {
  let end = memory.length
  while (end > 0 && memory[end - 1] === 0) end -= 1
  return end
}
