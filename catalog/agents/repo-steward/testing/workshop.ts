import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Json, Observation, Skill } from '@azora/sdk'
import clone from '../../../skills/git.clone.skill.ts'
import log from '../../../skills/git.log.skill.ts'
import publish from '../../../skills/git.publish-branch.skill.ts'
import inspect from '../../../skills/repo.inspect.skill.ts'
import scan from '../../../skills/repo.scan.skill.ts'
import tests from '../../../skills/tests.run.skill.ts'
import agent from '../repo-steward.agent.ts'
import { RUN_ID } from './turns.ts'

const SKILLS = new Map<string, Skill>(
  [clone, log, publish, inspect, scan, tests].map((skill) => [skill.skillId, skill as Skill]),
)
const MAX_TURNS = 10

/** A folder with git repositories and a workspace, for one test. */
export function createWorkshop() {
  const root = mkdtempSync(join(tmpdir(), 'steward-'))
  const workspace = join(root, 'workspace')
  mkdirSync(workspace)
  const git = (directory: string, ...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', '-c', 'init.defaultBranch=trunk', ...args],
      {
        cwd: directory,
        encoding: 'utf8',
      },
    ).trim()

  /** A repository with one commit of these files; without files it has no commit. */
  function repository(files: Record<string, string>): string {
    const directory = mkdtempSync(join(root, 'project-'))
    git(directory, 'init', '--quiet')
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), content)
    }
    git(directory, 'add', '--all')
    if (Object.keys(files).length > 0) git(directory, 'commit', '--quiet', '--message', 'Begin')
    return directory
  }

  return { root, workspace, git, repository, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Runs the agent with the real skills; what has no skill here is denied. */
export async function steward(workspace: string, repository: string) {
  const input = agent.input.parse({ repository, testTimeoutMs: 20_000 })
  const pattern = await agent.recognize(input)
  const observations: Observation[] = []
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const answer = await agent.reason({ runId: RUN_ID, input, pattern, turn, observations })
    if ('done' in answer) return { ...answer.done, outputs: answer.done.outputs as Record<string, Json>, observations }
    for (const step of answer.steps) observations.push(await perform(workspace, step))
  }
  throw new RangeError(`no conclusion within ${MAX_TURNS} turns`)
}

async function perform(workspace: string, step: { id: string; skill: string; input?: unknown }): Promise<Observation> {
  const about = { stepId: step.id, skill: step.skill }
  const skill = SKILLS.get(step.skill)
  if (!skill) return { ...about, state: 'denied', error: { code: 'denied', message: 'no agent may do that' } }
  try {
    const context = {
      runId: RUN_ID,
      stepId: step.id,
      idempotencyKey: `${RUN_ID}/${step.id}`,
      workspace,
      charge: () => {},
      artifact: () => '',
      keep: async () => ({ $artifact: '' }),
    }
    const output = skill.output.parse(await skill.run(skill.input.parse(step.input), context))
    return { ...about, state: 'succeeded', output: output as Json }
  } catch (thrown) {
    const { name, message } = thrown as Error
    return { ...about, state: 'failed', error: { code: name, message } }
  }
}
