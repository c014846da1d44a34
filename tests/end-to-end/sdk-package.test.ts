import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type LocalServer, ownerToken } from '@azora/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCli, ROOT } from '../support/cli.ts'
import { tempDir } from '../support/temp-dir.ts'

// The SDK as others get it: packed, installed in a project of its own, type-checked there, and used against a real server.
const run = promisify(execFile)
const folder = tempDir('sdk-package')
const project = join(folder.path, 'project')
const dataDir = join(folder.path, 'data')
const cli = createCli(dataDir)

beforeAll(async () => {
  mkdirSync(project)
  const { stdout } = await run('sh', [join(ROOT, 'scripts/pack-sdk.sh'), folder.path])
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  // What it depends on is taken from here, so that no registry is asked.
  const near = ['zod', 'eventsource-parser', '@types/node', 'undici-types'].map((name) =>
    join(ROOT, 'node_modules', name),
  )
  const quiet = ['--offline', '--no-audit', '--no-fund', '--install-links=false', '--loglevel=error']
  await run('npm', ['install', ...quiet, join(folder.path, stdout.trim()), ...near], { cwd: project })
  await cli.up()
})
afterAll(async () => {
  await cli.stop()
  folder.remove()
})

/** The examples of the guide. */
const examples = [...readFileSync(join(ROOT, 'docs/guides/sdk.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code ?? '',
)

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
}

const check = async (): Promise<string> => {
  const compiler = join(ROOT, 'node_modules/typescript-native/bin/tsc')
  return run(process.execPath, [compiler, '-p', '.'], { cwd: project }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
}

it('is used as its guide says, type-checked and run in a project of its own', async () => {
  expect(examples.length).toBeGreaterThan(0)
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  for (const [at, code] of examples.entries()) writeFileSync(join(project, `example-${at}.ts`), code)
  expect(await check()).toBe('')
  const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as LocalServer
  const env = { ...process.env, AZORA_URL: url, AZORA_TOKEN: (await ownerToken(dataDir)) ?? '' }
  for (const at of examples.keys()) {
    const { stdout } = await run(process.execPath, [`example-${at}.ts`], { cwd: project, env })
    expect(stdout).toContain('run.scheduled')
    expect(stdout).toContain('workspace.write-file: allow')
    expect(stdout).toContain('there is no run 00000000-0000-4000-8000-000000000000')
  }
})

it('finds mistakes before they run', async () => {
  const mistaken = `import { ApiError, createClient } from '@azora/sdk/client'
const { api } = createClient({ url: 'http://127.0.0.1:1' })
await api.runs.get({})
await api.runs.list({ query: { state: 'asleep' } })
console.log((await api.system.status({})).nothing)
console.log(new ApiError({ type: '', title: '', status: 404, code: 'x' }).is('run_not_fund'))
`
  writeFileSync(join(project, 'mistaken.ts'), mistaken)
  const found = await check()
  expect([...found.matchAll(/^mistaken\.ts\((\d+),/gm)].map(([, line]) => line)).toEqual(['3', '4', '5', '6'])
})
