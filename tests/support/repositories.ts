import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { ROOT } from './cli.ts'

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Tester', '-c', 'user.email=tester@localhost', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim()

function commitAll(path: string, message: string): void {
  git(path, 'add', '--all', '--force')
  git(path, 'commit', '--quiet', '--message', message)
}

/** A git repository of a package that npm installed: real sources that others wrote. */
function fromPackage(name: string, path: string, change: (path: string) => void = () => {}): string {
  cpSync(join(ROOT, 'node_modules', name), path, { recursive: true })
  git(path, 'init', '--quiet', '--initial-branch', 'main')
  change(path)
  commitAll(path, `${name} as published`)
  return path
}

function write(path: string, file: string, text: string): void {
  mkdirSync(dirname(join(path, file)), { recursive: true })
  writeFileSync(join(path, file), text)
}

/** TypeScript with the tests that its authors wrote, run by this project's Vitest through a link to its packages. */
export function typescript(path: string): string {
  fromPackage('zod', path, () => {
    write(path, 'azora.json', '{ "test": "node_modules/.bin/vitest run src/v4/classic/tests/string.test.ts" }\n')
    write(path, '.gitignore', 'node_modules\n')
  })
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'))
  return path
}

export const javascript = (path: string): string => fromPackage('abstract-logging', path)

export const withoutTests = (path: string): string => fromPackage('picocolors', path)

/** A published package with one line broken, so that its own tests fail. */
export const withFailingTests = (path: string): string =>
  fromPackage('abstract-logging', path, () => {
    const source = readFileSync(join(path, 'index.js'), 'utf8')
    write(path, 'index.js', source.replace('info: noop', 'info: null'))
  })

/** The Python sources that come with npm, with their unit tests. */
export function python(path: string): string {
  const npm = process.env.PATH?.split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .find((program) => existsSync(program))
  const source = npm && join(realpathSync(npm), '../../node_modules/node-gyp/gyp')
  if (!source || !existsSync(source)) throw new Error('npm came without node-gyp')
  cpSync(source, path, { recursive: true })
  git(path, 'init', '--quiet', '--initial-branch', 'main')
  write(path, 'azora.json', `{ "test": "python3 -m unittest discover -s pylib -t pylib -p '*_test.py'" }\n`)
  commitAll(path, 'gyp as published')
  return path
}

export function bare(path: string): string {
  const source = javascript(`${path}-source`)
  git(dirname(path), 'clone', '--quiet', '--bare', source, path)
  return path
}

export function empty(path: string): string {
  mkdirSync(path, { recursive: true })
  git(path, 'init', '--quiet', '--initial-branch', 'main')
  return path
}

/** Commits of a branch that its base doesn't have. */
export const commitsOn = (path: string, branch: string): number => {
  const range = hasCommits(path) ? `HEAD..${branch}` : branch
  return Number(git(path, 'rev-list', '--count', range))
}

const hasCommits = (path: string): boolean => {
  try {
    git(path, 'rev-parse', '--verify', '--quiet', 'HEAD')
    return true
  } catch {
    return false
  }
}

export const branches = (path: string): string[] =>
  git(path, 'for-each-ref', '--format', '%(refname:short)', 'refs/heads/azora').split('\n').filter(Boolean)
