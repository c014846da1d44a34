import { type EntryHeader, type RunState, TRANSITIONS } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flaw } from './flaw.ts'
import { createMemoryShelf, createRunChecker } from './runs.ts'

type Step = Pick<EntryHeader, 'run' | 'runIndex' | 'transition'>

/** A run's entries: a legal walk through the lifecycle, with entries that change no state in between. */
const walk = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 14 }).map((choices) => {
  const steps: Step[] = [{ transition: { to: 'scheduled' } }]
  let state: RunState = 'scheduled'
  for (const choice of choices) {
    const next: readonly RunState[] = TRANSITIONS[state]
    const to = next[choice % Math.max(next.length, 1)]
    if (choice > 6 || to === undefined) steps.push({})
    else {
      steps.push({ transition: { from: state, to } })
      state = to
    }
  }
  return steps
})

/** Several runs, their entries mixed; some began before places were given. */
const log = fc
  .tuple(
    fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 8 }),
    fc.array(walk, { minLength: 8, maxLength: 8 }),
    fc.infiniteStream(fc.nat()),
  )
  .map(([runs, walks, picks]) => {
    const waiting = runs.map((run, at) =>
      (walks[at] ?? []).map((step, place): Step => ({ ...step, run, ...(at % 4 !== 3 && { runIndex: place }) })),
    )
    const steps: Step[] = []
    while (waiting.some((rest) => rest.length > 0)) {
      const left = waiting.filter((rest) => rest.length > 0)
      const pick = left[(picks.next().value as number) % left.length]
      const step = pick?.shift()
      if (step) steps.push(step)
    }
    return steps
  })

const OPEN = [1, 2, 50] as const

async function flawIn(steps: readonly Step[], openMax: number): Promise<Flaw | undefined> {
  const checker = createRunChecker(createMemoryShelf(), openMax)
  const last = new Map<string | undefined, { state: string; index: number }>()
  for (const [index, { run, transition }] of steps.entries())
    if (transition) last.set(run, { state: transition.to, index })
  for (const [index, step] of steps.entries()) {
    const flaw = checker.add({ ...step, index } as EntryHeader, last.get(step.run))
    if (flaw) return flaw
  }
  return checker.finish(steps.length)
}

describe('runs', () => {
  it('that follow the lifecycle pass, however few are remembered at a time', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.constantFrom(...OPEN), async (steps, openMax) => {
        expect(await flawIn(steps, openMax)).toBeUndefined()
      }),
    )
  })

  it('of which an entry is doubled, left out or moved are named', async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.constantFrom(...OPEN),
        fc.nat(),
        fc.constantFrom('double', 'leave out', 'swap'),
        async (steps, openMax, pick, deed) => {
          const at = pick % steps.length
          const step = steps[at] as Step
          const later = steps.findIndex((other, place) => place > at && other.run === step.run)
          fc.pre(step.runIndex !== undefined && later !== -1)
          const changed = [...steps]
          if (deed === 'double') changed.splice(later, 0, step)
          else if (deed === 'leave out') changed.splice(at, 1)
          else {
            changed[at] = steps[later] as Step
            changed[later] = step
          }
          expect(await flawIn(changed, openMax)).toMatchObject({
            what: expect.stringContaining(step.run ?? ''),
          })
        },
      ),
    )
  })

  it('without places are still held to the lifecycle', async () => {
    const run = '018f0000-0000-7000-8000-000000000001'
    const to = (from: RunState | undefined, state: RunState): Step => ({
      run,
      transition: { ...(from && { from }), to: state },
    })
    const ended = [to(undefined, 'scheduled'), to('scheduled', 'running'), to('running', 'fail')]
    expect(await flawIn(ended, 1)).toBeUndefined()
    for (const more of [
      to(undefined, 'scheduled'),
      to('running', 'fail'),
      to('fail', 'running'),
      to('paused', 'running'),
    ])
      for (const openMax of OPEN) expect(await flawIn([...ended, more], openMax)).toBeDefined()
  })
})
