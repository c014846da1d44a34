import { ToAgent } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import agent from './repo-steward.agent.ts'
import { ask, COMMIT, GOOD, HEAD, play, REPOSITORY, RUN_ID, type Script } from './testing/turns.ts'

const failed = (message: string) => ({ state: 'failed', error: { code: 'x', message } }) as const
const clone = GOOD.clone?.output as Record<string, never>

describe('repo-steward', () => {
  it('goes from a clone to a report on its own branch, and is denied the rewrite', async () => {
    const { turns, steps, done } = await play(GOOD)
    expect(turns).toEqual([['clone'], ['inspect', 'scan', 'log'], ['test'], ['publish'], ['rewrite']])
    expect(steps.publish?.input).toMatchObject({
      repository: REPOSITORY,
      directory: 'repo',
      branch: `azora/${RUN_ID}`,
      base: HEAD,
      files: [{ path: 'AZORA_REPORT.md' }],
    })
    expect(steps.rewrite).toMatchObject({
      input: { repository: REPOSITORY, branch: 'trunk', commit: COMMIT },
      reason: 'make the report part of the default branch',
    })
    expect(done).toMatchObject({
      goal: 'reached',
      outputs: {
        repository: REPOSITORY,
        branch: `azora/${RUN_ID}`,
        commit: COMMIT,
        pushed: true,
        tests: { state: 'passed', command: 'npm test' },
        marks: { total: 203, items: [{ kind: 'TODO' }] },
        largeFiles: { total: 1, items: [{ file: 'data/big.bin' }] },
        secrets: { total: 1, items: [{ masked: 'AKIA…' }] },
        denied: [
          { stepId: 'rewrite', skill: 'git.rewrite-branch', reason: 'no agent destroys what it cannot restore' },
        ],
      },
    })
  })

  it('publishes the very report that it hands over', async () => {
    const { steps, done } = await play({
      ...GOOD,
      test: { output: { ...(GOOD.test?.output as object), state: 'failed', exitCode: 1 } },
    })
    expect(steps.publish?.input.files).toEqual([{ path: 'AZORA_REPORT.md', content: done.outputs.report }])
    expect(done.goal).toBe('reached')
    expect(done.outputs.report).toContain('**The tests failed**')
  })

  it('gives the tests their time and their dependencies', async () => {
    const { steps } = await play(GOOD, { testTimeoutMs: 5000, dependencies: '/srv/app/node_modules' })
    expect(steps.test?.input).toEqual({
      directory: 'repo',
      command: 'npm test',
      timeoutMs: 5000,
      dependencies: '/srv/app/node_modules',
    })
  })

  it('runs no tests where there are none', async () => {
    const { turns, done } = await play({
      ...GOOD,
      inspect: { output: { ...(GOOD.inspect?.output as object), test: null } },
    })
    expect(turns).not.toContainEqual(['test'])
    expect(done).toMatchObject({ goal: 'reached', outputs: { tests: { state: 'none' } } })
    expect(done.outputs.report).toContain('No test command was found.')
  })

  it('makes the first commit of an empty repository', async () => {
    const empty = { ...clone, head: null, branch: 'main', empty: true, files: 0, bytes: 0 }
    const { turns, steps, done } = await play({ ...GOOD, clone: { output: empty } })
    expect(turns).toEqual([['clone'], ['publish'], ['rewrite']])
    expect(steps.publish?.input.base).toBeNull()
    expect(done.goal).toBe('reached')
    expect(done.outputs.report).toContain('no commits yet')
  })

  it('supposes main where the head is detached', async () => {
    const { steps, done } = await play({ ...GOOD, clone: { output: { ...clone, branch: null } } })
    expect(steps.rewrite?.input.branch).toBe('main')
    expect(done.outputs.report).toContain('detached')
  })

  it('ends with a clear summary when there is nothing to clone', async () => {
    const { turns, done } = await play({ clone: failed('/srv/app.git is no git repository') })
    expect(turns).toEqual([['clone']])
    expect(done).toMatchObject({
      goal: 'missed',
      summary: '/srv/app.git could not be cloned: /srv/app.git is no git repository',
      outputs: { branch: null, commit: null, pushed: false },
    })
  })

  it('reports without the parts that could not be found out', async () => {
    const { done } = await play({
      ...GOOD,
      inspect: failed('too | odd'),
      scan: { output: { unknown: true } },
      log: failed('no log'),
    })
    expect(done.goal).toBe('reached')
    expect(done.outputs.report).toContain('This could not be found out: too \\| odd.')
    expect(done.outputs.tests).toEqual({ state: 'not_run' })
  })

  it('misses its goal, report in hand, when the branch is denied', async () => {
    const { turns, done } = await play({
      ...GOOD,
      publish: { state: 'denied', error: { code: 'denied', message: 'outside the scope' } },
    })
    expect(turns.at(-1)).toEqual(['publish'])
    expect(done).toMatchObject({ goal: 'missed', summary: 'The report could not be published: outside the scope' })
    expect(done.outputs.report).toContain('# Report on app')
  })

  it('says so when the branch stayed in the workspace', async () => {
    const output = { branch: `azora/${RUN_ID}`, commit: COMMIT, base: HEAD, pushed: false, reason: 'no credentials' }
    const { done } = await play({ ...GOOD, publish: { output } })
    expect(done).toMatchObject({
      goal: 'reached',
      summary: 'The report was not pushed: no credentials',
      outputs: { pushed: false },
    })
  })

  it('proposes only skills that it declares', async () => {
    const { steps } = await play(GOOD)
    expect(
      Object.values(steps)
        .map(({ skill }) => skill)
        .toSorted(),
    ).toEqual([...agent.skills].toSorted())
  })
})

const state = fc.constantFrom('succeeded', 'failed', 'denied', 'cancelled')
const anyScript: fc.Arbitrary<Script> = fc
  .record(
    Object.fromEntries(
      Object.keys(GOOD).map((id) => [id, fc.record({ state, garbled: fc.boolean(), junk: fc.jsonValue() })]),
    ),
  )
  .map((ways) =>
    Object.fromEntries(
      Object.entries(ways).map(([id, way]) => {
        if (way.state !== 'succeeded')
          return [id, { state: way.state, error: { code: 'x', message: JSON.stringify(way.junk) } }]
        return [id, { output: way.garbled ? JSON.parse(JSON.stringify(way.junk)) : (GOOD[id]?.output ?? null) }]
      }),
    ),
  )

describe('whatever its steps answer, repo-steward', () => {
  it('comes to a conclusion', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        const { done, turns } = await play(script)
        expect(turns.length).toBeLessThanOrEqual(5)
        expect(done.goal).toMatch(/^(reached|missed)$/)
      }),
      { numRuns: 200 },
    )
  })

  it('answers the same question the same way, also after a journey through JSON', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, async (script) => {
        const { observations } = await play(script)
        for (let seen = 0; seen <= observations.length; seen += 1) {
          const known = observations.slice(0, seen)
          const replayed = ToAgent.parse(
            JSON.parse(
              JSON.stringify({
                type: 'reason',
                id: '1',
                runId: RUN_ID,
                input: {},
                pattern: null,
                turn: seen,
                observations: known,
              }),
            ),
          )
          const again = replayed.type === 'reason' ? replayed.observations : []
          expect(JSON.stringify(await ask(seen, again))).toBe(JSON.stringify(await ask(seen, known)))
        }
      }),
      { numRuns: 50 },
    )
  })
})
