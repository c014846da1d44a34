import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, perform, writeFiles } from '../testing/workspace.ts'
import lint from './lint.run.skill.ts'
import scaffold from './service.scaffold.skill.ts'
import run from './tests.run.skill.ts'

function makeCheckout(files: Record<string, string> = {}): string {
  const workspace = makeFolder()
  writeFiles(workspace, {
    'repo/.keep': '',
    ...Object.fromEntries(Object.entries(files).map(([k, v]) => [`repo/${k}`, v])),
  })
  return workspace
}

test('reports tests that pass and tests that fail', async () => {
  const workspace = makeCheckout({
    'a.test.mjs':
      "import { test } from 'node:test'\nimport assert from 'node:assert'\ntest('a', () => {})\ntest('b', () => assert.ok(!process.env.FAIL))\n",
  })
  expect(await perform(run, workspace, { command: 'node --test' })).toMatchObject({
    state: 'passed',
    exitCode: 0,
    counts: { passed: 2, failed: 0 },
  })
  expect(await perform(run, workspace, { command: 'FAIL=1 node --test' })).toMatchObject({
    state: 'failed',
    exitCode: 1,
    counts: { passed: 1, failed: 1 },
  })
})

test('gives the command a plain environment', async () => {
  const result = await perform(run, makeCheckout(), {
    command: 'echo "$CI $NO_COLOR $HOME"; env | grep -c VITEST || true; pwd',
  })
  expect(result.tail).toMatch(/^1 1 \/tmp\n0\n.*\/repo\n$/)
})

test('ends the whole process group when the time is up', async () => {
  const workspace = makeCheckout()
  const command = 'sh -c "echo \\$\\$ > child; sleep 60" & echo started; sleep 60'
  const result = await perform(run, workspace, { command, timeoutMs: 1000 })
  expect(result).toMatchObject({ state: 'timed_out', tail: 'started\n' })
  const child = readFileSync(path.join(workspace, 'repo/child'), 'utf8').trim()
  await expect.poll(() => isRunning(child)).toBe(false)
})

test('ends what the command left behind', async () => {
  const workspace = makeCheckout()
  const result = await perform(run, workspace, { command: 'sleep 60 & echo $! > child; echo done' })
  expect(result).toMatchObject({ state: 'passed', tail: 'done\n' })
  const child = readFileSync(path.join(workspace, 'repo/child'), 'utf8').trim()
  await expect.poll(() => isRunning(child)).toBe(false)
})

test('does not wait for a process that left the group', async () => {
  const command = 'setsid sleep 20 & echo done'
  const result = await perform(run, makeCheckout(), { command, timeoutMs: 15_000 })
  expect(result).toMatchObject({ state: 'passed', tail: 'done\n' })
})

/** A killed process may wait for its parent to notice; that one runs no more. */
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/stat`
  return existsSync(status) && !/\) [ZX] /.test(readFileSync(status, 'utf8'))
}

test.each([
  ['a missing tool', 'azora-no-such-tool --run', /azora-no-such-tool is not installed/],
  ['a missing tool of a script', 'npm test', /vitest-missing is not installed/],
  ['a missing package', 'node missing.mjs', /some-missing-package is not installed/],
  ['a project without tests', 'echo "No test files found, exiting with code 1"; exit 1', /finds no tests/],
  ['a missing Python module', 'python3 -m azora_missing_module', /azora_missing_module is not installed/],
])('says that %s makes it not runnable', async (_, command, reason) => {
  const workspace = makeCheckout({
    'package.json': '{"scripts":{"test":"vitest-missing run"}}',
    'missing.mjs': "import 'some-missing-package'",
  })
  expect(await perform(run, workspace, { command })).toMatchObject({
    state: 'not_runnable',
    reason: expect.stringMatching(reason),
  })
})

test("takes a project's own missing file for a failure", async () => {
  const workspace = makeCheckout({ 'a.mjs': "import './gone.mjs'" })
  expect(await perform(run, workspace, { command: 'node a.mjs' })).toMatchObject({ state: 'failed' })
})

test('keeps the end of a long output', async () => {
  const result = await perform(run, makeCheckout(), { command: 'seq 1 500000; echo the end' })
  expect(Buffer.byteLength(result.tail)).toBe(4096)
  expect(result.tail).toMatch(/500000\nthe end\n$/)
})

test('uses the installed packages of the host, and the own packages of the checkout', async () => {
  const host = makeFolder()
  writeFiles(host, {
    'node_modules/plain/index.js': 'module.exports = "plain"',
    'node_modules/@scope/part/index.js': 'module.exports = "part"',
    'packages/own/index.js': 'module.exports = "the host\'s"',
  })
  mkdirSync(path.join(host, 'node_modules/@own'))
  symlinkSync('../../packages/own', path.join(host, 'node_modules/@own/pkg'))
  const workspace = makeCheckout({
    'packages/own/index.js': 'module.exports = "the clone\'s"',
    'a.cjs': "console.log(require('plain'), require('@scope/part'), require('@own/pkg'))",
  })
  const request = { command: 'node a.cjs', dependencies: path.join(host, 'node_modules') }
  expect(await perform(run, workspace, request)).toMatchObject({ state: 'passed', tail: "plain part the clone's\n" })
  expect(await perform(run, workspace, request)).toMatchObject({ state: 'passed' })
})

test('says when the packages of the host are missing', async () => {
  const request = { command: 'true', dependencies: '/nonexistent/node_modules' }
  await expect(perform(run, makeCheckout(), request)).rejects.toMatchObject({ code: 'dependencies_missing' })
})

test('reports what a linter says', async () => {
  expect(await perform(lint, makeCheckout(), { command: 'echo clean' })).toMatchObject({ state: 'passed' })
  expect(await perform(lint, makeCheckout(), { command: 'echo bad; exit 2' })).toMatchObject({
    state: 'failed',
    exitCode: 2,
    tail: 'bad\n',
  })
})

test('scaffolds a service whose own tests pass, twice the same', async () => {
  const workspace = makeFolder()
  const request = { directory: 'hello', name: 'hello-world', kind: 'http' } as const
  const { test: command } = await perform(scaffold, workspace, request)
  expect(await perform(run, workspace, { directory: 'hello', command })).toMatchObject({
    state: 'passed',
    counts: { passed: 3, failed: 0 },
  })
  await perform(scaffold, workspace, request)
  writeFiles(workspace, { 'hello/server.js': 'mine' })
  await expect(perform(scaffold, workspace, request)).rejects.toMatchObject({ code: 'file_exists' })
})

test("leaves caches of the host's packages alone", async () => {
  const host = makeFolder()
  writeFiles(host, {
    'node_modules/.vite-temp/x': '',
    'node_modules/.bin/tool': '#!/bin/sh\necho tool\n',
    'node_modules/a/b': '',
  })
  chmodSync(path.join(host, 'node_modules/.bin/tool'), 0o755)
  const command = 'mkdir node_modules/.vite-temp && tool'
  const result = await perform(run, makeCheckout(), { command, dependencies: path.join(host, 'node_modules') })
  expect(result).toMatchObject({ state: 'passed', tail: 'tool\n' })
})
