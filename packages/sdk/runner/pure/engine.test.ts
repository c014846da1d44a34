import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { bundleSkill } from './bundle.ts'
import { createEngine } from './engine.ts'

const SKILL = fileURLToPath(new URL('../testing/catalog/pure.skill.ts', import.meta.url))
const LIMITS = { cpuMs: 5_000, memoryBytes: 134_217_728, outputBytes: 1_048_576 }
const context = { runId: 'r', stepId: 's', idempotencyKey: 'k', workspace: '/workspace' }

/** The memory of the one engine that a test makes. */
function watchMemory(): () => string {
  const made: WebAssembly.Memory[] = []
  const Real = WebAssembly.Memory
  vi.stubGlobal('WebAssembly', {
    ...Object.fromEntries(
      Object.getOwnPropertyNames(WebAssembly).map((name) => [name, Reflect.get(WebAssembly, name)]),
    ),
    Memory: class extends Real {
      constructor(descriptor: { initial: number; maximum?: number }) {
        super(descriptor)
        made.push(this)
      }
    },
  })
  return () =>
    createHash('sha256')
      .update(new Uint8Array(made[0]?.buffer ?? new ArrayBuffer(0)))
      .digest('hex')
}
afterEach(() => void vi.unstubAllGlobals())

it('has the very same memory before each action, whatever the one before did', async () => {
  const digest = watchMemory()
  const engine = await createEngine(await bundleSkill(SKILL), LIMITS)
  const perform = (play: string, size = 0) => engine.perform({ input: { play, size }, context })
  perform('nothing')
  engine.forget()
  const clean = digest()
  const plays = ['remember', 'recurse', 'allocate', 'hole', 'fail', 'regex'] as const
  for (const play of [...plays, ...plays]) {
    const { spent, result } = perform(play, 300_000)
    expect(spent, play).toBe(false)
    expect(digest(), play).not.toBe(clean)
    engine.forget()
    expect(digest(), `after ${play}: ${JSON.stringify(result).slice(0, 200)}`).toBe(clean)
  }
})
