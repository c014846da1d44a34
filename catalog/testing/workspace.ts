import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Skill } from '@azora/sdk'
import { onTestFinished } from 'vitest'
import type { z } from 'zod'

/** 2026-01-02T03:04:05.678Z in its first 48 bits. */
export const RUN_ID = '019b7ca9-8f2e-7000-8000-000000000001'

/** A folder that is removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'azora-catalog-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeFiles(folder: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
}

/** Performs a skill as the runner does: input and output go through their schemas. */
export async function perform<Input extends z.ZodType, Output extends z.ZodType>(
  skill: Skill<Input, Output>,
  workspace: string,
  input: z.input<Input>,
): Promise<z.output<Output>> {
  const context = {
    runId: RUN_ID,
    stepId: 'step',
    idempotencyKey: 'key',
    workspace,
    charge: () => {},
    artifact: () => '',
    keep: async () => ({ $artifact: '' }),
  }
  return skill.output.parse(await skill.run(skill.input.parse(input), context))
}

const IDENTITY = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' }

/** The git of a person at a terminal. */
export const userGit = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, ...IDENTITY, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  }).trim()

/** A repository with a working tree on branch `main` and one commit, or none without files. */
export function makeRepository(files: Record<string, string | Buffer>): string {
  const folder = makeFolder()
  userGit(folder, 'init', '--quiet', '--initial-branch=main')
  if (Object.keys(files).length > 0) commitFiles(folder, files, 'first')
  return folder
}

export function commitFiles(folder: string, files: Record<string, string | Buffer>, message: string): string {
  writeFiles(folder, files)
  userGit(folder, 'add', '--all', '--force')
  userGit(folder, 'commit', '--quiet', '--message', message)
  return userGit(folder, 'rev-parse', 'HEAD')
}
