import { stat } from 'node:fs/promises'
import path from 'node:path'
import { isRecord, readJsonObject, readText } from './read-text.ts'

export interface Toolchain {
  packageManager: string | null
  /** How the project's tests are run, and the file that says so. */
  test: { command: string; source: string } | null
  lint: { command: string; source: string } | null
  /** Null when that can't be told. */
  dependenciesInstalled: boolean | null
}

interface Project {
  directory: string
  /** Names of the files and folders at the root. */
  root: ReadonlySet<string>
  /** Paths of all files. */
  files: readonly string[]
}

type Manifest = Record<string, unknown>

const MANAGER_BY_FILE: ReadonlyArray<readonly [string, string]> = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package.json', 'npm'],
  ['uv.lock', 'uv'],
  ['poetry.lock', 'poetry'],
  ['Pipfile', 'pipenv'],
  ['requirements.txt', 'pip'],
  ['pyproject.toml', 'pip'],
  ['setup.py', 'pip'],
  ['go.mod', 'go'],
  ['Cargo.toml', 'cargo'],
  ['Gemfile', 'bundler'],
  ['composer.json', 'composer'],
  ['pom.xml', 'maven'],
  ['build.gradle', 'gradle'],
  ['build.gradle.kts', 'gradle'],
]

const PYTHON_TEST = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/
const PYTHON_TESTS_READ = 50
/** What `npm init` writes into `scripts.test`. */
const NPM_PLACEHOLDER = /no test specified/

export async function inspectToolchain(project: Project): Promise<Toolchain> {
  const manifest = await readJsonObject(path.join(project.directory, 'package.json'))
  return {
    packageManager: packageManager(project, manifest),
    test: await testCommand(project, manifest),
    lint: await lintCommand(project, manifest),
    dependenciesInstalled: await dependenciesInstalled(project, manifest),
  }
}

function packageManager({ root }: Project, manifest: Manifest | undefined): string | null {
  const declared = /^(npm|pnpm|yarn|bun)@/.exec(String(manifest?.packageManager ?? ''))?.[1]
  return declared ?? MANAGER_BY_FILE.find(([file]) => root.has(file))?.[1] ?? null
}

function script(manifest: Manifest | undefined, name: string): string | undefined {
  const scripts = manifest?.scripts
  const value = isRecord(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** `azora.json` at the root of a repository says what can't be guessed: `{"test": "make check", "lint": "…"}`. */
async function declared(directory: string, key: 'test' | 'lint') {
  const value = (await readJsonObject(path.join(directory, 'azora.json')))?.[key]
  return typeof value === 'string' && value.trim() !== '' && value.length <= 1000
    ? { command: value.trim(), source: 'azora.json' }
    : null
}

async function testCommand(project: Project, manifest: Manifest | undefined): Promise<Toolchain['test']> {
  const { directory, root } = project
  const own = await declared(directory, 'test')
  if (own !== null) return own
  const test = script(manifest, 'test')
  if (test !== undefined && !NPM_PLACEHOLDER.test(test)) return { command: 'npm test', source: 'package.json' }
  const python = await pythonTests(project)
  if (python !== null) return python
  if (root.has('go.mod') && project.files.some((file) => file.endsWith('_test.go'))) {
    return { command: 'go test ./...', source: 'go.mod' }
  }
  if (root.has('Cargo.toml')) return { command: 'cargo test --offline', source: 'Cargo.toml' }
  return await makeTarget(project, 'test')
}

async function pythonTests({ directory, root, files }: Project): Promise<Toolchain['test']> {
  const tests = files.filter((file) => PYTHON_TEST.test(file))
  const first = tests[0]
  if (first === undefined) return null
  const settings = await Promise.all(
    ['pyproject.toml', 'setup.cfg', 'tox.ini'].map(async (file) => (await readText(path.join(directory, file))) ?? ''),
  )
  if (root.has('pytest.ini') || root.has('conftest.py') || settings.some((text) => /pytest/.test(text))) {
    return { command: 'python3 -m pytest -q', source: root.has('pytest.ini') ? 'pytest.ini' : first }
  }
  for (const file of tests.slice(0, PYTHON_TESTS_READ)) {
    const text = (await readText(path.join(directory, file))) ?? ''
    if (!/^\s*(import|from) unittest\b/m.test(text)) return { command: 'python3 -m pytest -q', source: file }
  }
  const folder = first.includes('/') ? first.slice(0, first.indexOf('/')) : '.'
  const importable = folder === '.' || files.includes(`${folder}/__init__.py`)
  return {
    command: `python3 -m unittest discover${importable ? '' : ` -s '${folder.replaceAll("'", "'\\''")}'`}`,
    source: first,
  }
}

async function makeTarget({ directory, root }: Project, target: 'test' | 'lint'): Promise<Toolchain['test']> {
  const source = ['GNUmakefile', 'Makefile', 'makefile'].find((name) => root.has(name))
  const text = source === undefined ? undefined : await readText(path.join(directory, source))
  if (source === undefined || text === undefined || !new RegExp(`^${target}\\s*:(?!=)`, 'm').test(text)) return null
  return { command: `make ${target}`, source }
}

async function lintCommand(project: Project, manifest: Manifest | undefined): Promise<Toolchain['lint']> {
  const own = await declared(project.directory, 'lint')
  if (own !== null) return own
  if (script(manifest, 'lint') !== undefined) return { command: 'npm run lint', source: 'package.json' }
  if (project.root.has('ruff.toml')) return { command: 'ruff check .', source: 'ruff.toml' }
  return await makeTarget(project, 'lint')
}

async function dependenciesInstalled(
  { directory, root }: Project,
  manifest: Manifest | undefined,
): Promise<boolean | null> {
  if (manifest !== undefined) {
    const needed = ['dependencies', 'devDependencies', 'workspaces'].some((field) => {
      const value = manifest[field]
      return typeof value === 'object' && value !== null && Object.keys(value).length > 0
    })
    return !needed || (await exists(path.join(directory, 'node_modules'))) || root.has('.pnp.cjs')
  }
  if (root.has('vendor') && (root.has('go.mod') || root.has('composer.json'))) return true
  return null
}

const exists = async (file: string): Promise<boolean> => (await stat(file).catch(() => undefined)) !== undefined
