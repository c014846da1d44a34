import { AbsolutePath, type Proposal } from '@azora/sdk'
import { z } from 'zod'
import { oneLine } from './markdown.ts'

/** The only skills that the agent proposes. */
export const SKILLS = [
  'git.clone',
  'repo.inspect',
  'repo.scan',
  'git.log',
  'tests.run',
  'git.publish-branch',
  'git.rewrite-branch',
] as const

type Proposed = Proposal<(typeof SKILLS)[number]>

/** Input of a run. */
export const Input = z.strictObject({
  /** Absolute path, or http(s) or file URL. */
  repository: z.string().min(1).max(2048),
  /** Wall-clock time for the tests in milliseconds. */
  testTimeoutMs: z.int().min(1000).max(1_800_000).default(120_000),
  /** Host path of installed dependencies (`node_modules`) that the tests may read. */
  dependencies: AbsolutePath.optional(),
})
export type Input = z.infer<typeof Input>

const DIRECTORY = 'repo'
const REPORT_FILE = 'AZORA_REPORT.md'
/** The name that git hosts give a default branch; used where a detached head names none. */
const USUAL_BRANCH = 'main'

export function cloneIt({ repository }: Input): Proposed {
  const input = { repository, directory: DIRECTORY }
  return {
    steps: [{ id: 'clone', skill: 'git.clone', input, reason: 'work on a copy' }],
    note: 'Clone the repository.',
  }
}

export function lookAtIt(directory: string): Proposed {
  const input = { directory }
  return {
    steps: [
      { id: 'inspect', skill: 'repo.inspect', input, reason: 'languages, licence and test command' },
      { id: 'scan', skill: 'repo.scan', input, reason: 'marks, large files and secrets' },
      { id: 'log', skill: 'git.log', input, reason: 'recent history' },
    ],
    note: 'Look at the copy.',
  }
}

export function testIt({ testTimeoutMs, dependencies }: Input, directory: string, command: string): Proposed {
  const input = { directory, command, timeoutMs: testTimeoutMs, ...(dependencies ? { dependencies } : {}) }
  const reason = `run the tests: ${oneLine(command, 200)}`
  return { steps: [{ id: 'test', skill: 'tests.run', input, reason }], note: 'Run the tests of the copy.' }
}

/** @param base commit that the report is put on top of; null for a repository without commits */
export function publishIt(
  { repository }: Input,
  change: { directory: string; base: string | null; branch: string; runId: string; report: string },
): Proposed {
  const { report, runId, ...rest } = change
  const files = [{ path: REPORT_FILE, content: report }]
  const input = { repository, ...rest, files, message: `Add the report of repo-steward\n\nRun: ${runId}` }
  return {
    steps: [{ id: 'publish', skill: 'git.publish-branch', input, reason: `publish ${REPORT_FILE} on a new branch` }],
    note: 'Publish the report on a branch of its own.',
  }
}

export function mergeIt({ repository }: Input, branch: string | null, commit: string): Proposed {
  const input = { repository, branch: branch ?? USUAL_BRANCH, commit }
  const reason = 'make the report part of the default branch'
  return { steps: [{ id: 'rewrite', skill: 'git.rewrite-branch', input, reason }], note: `To ${reason}.` }
}
