import { SkillError } from '@azora/sdk'
import { git } from './git.ts'

const AUTHOR = 'Azora repo-steward'
const EMAIL = 'azora@localhost'

/** The time of a version 7 UUID in seconds (RFC 9562, section 5.7). */
function secondsOfRun(runId: string): number {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(runId)
  if (!match) throw new SkillError('run_id_invalid', `${runId} is no version 7 UUID, so it carries no time`)
  return Math.floor(Number.parseInt(`${match[1]}${match[2]}`, 16) / 1000)
}

export interface CommitSpec {
  /** The parent, or null for a commit without one. */
  base: string | null
  files: ReadonlyArray<{ path: string; content: string }>
  message: string
  runId: string
}

/** Writes a commit that puts `files` on top of `base`. The same specification gives the same commit id everywhere. */
export async function writeCommit(repository: string, { base, files, message, runId }: CommitSpec): Promise<string> {
  const index = { GIT_INDEX_FILE: `${repository}/azora-index` }
  await git(repository, base === null ? ['read-tree', '--empty'] : ['read-tree', base], { env: index })
  const lines: string[] = []
  for (const file of files) {
    const blob = await git(repository, ['hash-object', '-w', '--stdin'], { stdin: file.content })
    lines.push(`100644 ${blob}\t${file.path}\0`)
  }
  await git(repository, ['update-index', '--add', '--replace', '-z', '--index-info'], {
    env: index,
    stdin: lines.join(''),
  })
  const tree = await git(repository, ['write-tree'], { env: index })
  const date = `@${secondsOfRun(runId)} +0000`
  const env = {
    GIT_AUTHOR_NAME: AUTHOR,
    GIT_AUTHOR_EMAIL: EMAIL,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: AUTHOR,
    GIT_COMMITTER_EMAIL: EMAIL,
    GIT_COMMITTER_DATE: date,
  }
  const parent = base === null ? [] : ['-p', base]
  return await git(repository, ['commit-tree', tree, ...parent], { env, stdin: `${message.trim()}\n` })
}
