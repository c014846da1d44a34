import type { Answer, Json, Observation } from '@azora/sdk'
import agent from '../repo-steward.agent.ts'

export const RUN_ID = '0197a0e0-1234-7abc-8def-0123456789ab'
export const REPOSITORY = '/srv/app.git'
export const HEAD = 'a'.repeat(40)
export const COMMIT = 'b'.repeat(40)

interface Answered {
  state?: Observation['state']
  output?: Json
  error?: { code: string; message: string }
}

/** What each step answers; by step id. */
export type Script = Readonly<Record<string, Answered>>

export const GOOD: Script = {
  clone: {
    output: { directory: 'repo', head: HEAD, branch: 'trunk', bare: false, empty: false, files: 12, bytes: 34_567 },
  },
  inspect: {
    output: {
      languages: [
        { name: 'TypeScript', files: 9, bytes: 30_000 },
        { name: 'Shell', files: 1, bytes: 3000 },
      ],
      licence: { spdx: 'Apache-2.0', source: 'LICENSE' },
      packageManager: 'npm',
      test: { command: 'npm test', source: 'package.json' },
    },
  },
  scan: {
    output: {
      markCounts: { TODO: 203 },
      largeCount: 1,
      secretCount: 1,
      marks: [{ kind: 'TODO', file: 'src/a|b.ts', line: 3, text: 'TODO: handle `pipes` | and *stars*' }],
      largeFiles: [{ file: 'data/big.bin', bytes: 2_500_000 }],
      secrets: [{ kind: 'AWS access key', file: '.env', line: 1, masked: 'AKIA…' }],
      truncated: false,
    },
  },
  log: {
    output: {
      commits: [{ commit: HEAD, at: '2026-01-02T03:04:05+01:00', author: 'A <b>', subject: 'First | commit' }],
      total: 1,
      authors: 1,
      shallow: false,
    },
  },
  test: {
    output: {
      command: 'npm test',
      state: 'passed',
      exitCode: 0,
      durationMs: 1234,
      tail: 'ok',
      counts: { passed: 7, failed: 0 },
    },
  },
  publish: { output: { branch: `azora/${RUN_ID}`, commit: COMMIT, base: HEAD, pushed: true } },
  rewrite: { state: 'denied', error: { code: 'denied', message: 'no agent destroys what it cannot restore' } },
}

export interface Played {
  /** Step ids of each turn. */
  turns: string[][]
  steps: Record<string, { skill: string; input: Record<string, Json>; reason?: string | undefined }>
  done: { goal: 'reached' | 'missed'; outputs: Record<string, Json>; summary?: string | undefined }
  observations: Observation[]
}

const MAX_TURNS = 10

export async function ask(turn: number, observations: Observation[], input: object = {}): Promise<Answer> {
  const parsed = agent.input.parse({ repository: REPOSITORY, ...input })
  const pattern = await agent.recognize(parsed)
  return agent.reason({ runId: RUN_ID, input: parsed, pattern, turn, observations })
}

/** Lets the agent think from the first turn to its conclusion, with the script in place of the world. */
export async function play(script: Script, input: object = {}): Promise<Played> {
  const played: Omit<Played, 'done'> = { turns: [], steps: {}, observations: [] }
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const answer = await ask(turn, played.observations, input)
    if ('done' in answer) return { ...played, done: answer.done as Played['done'] }
    played.turns.push(answer.steps.map(({ id }) => id))
    for (const { id, skill, input: stepInput = {}, reason } of answer.steps) {
      played.steps[id] = { skill, input: stepInput, reason }
      const { state = 'succeeded', ...rest } = script[id] ?? {
        state: 'failed',
        error: { code: 'unscripted', message: `no ${id}` },
      }
      played.observations.push({ stepId: id, skill, state, ...rest })
    }
  }
  throw new RangeError(`no conclusion within ${MAX_TURNS} turns`)
}
