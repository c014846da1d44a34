import { expect, test } from 'vitest'
import { commitFiles, makeFolder, makeRepository, perform, userGit, writeFiles } from '../testing/workspace.ts'
import clone from './git.clone.skill.ts'
import log from './git.log.skill.ts'
import status from './git.status.skill.ts'
import inspect from './repo.inspect.skill.ts'

const MIT = `Copyright (c) 2026\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software and …`

async function inspected(files: Record<string, string>) {
  const workspace = makeFolder()
  await perform(clone, workspace, { repository: makeRepository(files) })
  return await perform(inspect, workspace, {})
}

test('describes a TypeScript project', async () => {
  const result = await inspected({
    'package.json': JSON.stringify({ scripts: { test: 'vitest run', lint: 'x' }, devDependencies: { vitest: '1' } }),
    'pnpm-lock.yaml': '',
    'src/a.ts': 'x'.repeat(300),
    'b.js': 'x'.repeat(100),
    'README.md': 'x'.repeat(900),
    LICENSE: MIT,
  })
  expect(result.languages.map(({ name, files }) => [name, files])).toEqual([
    ['TypeScript', 1],
    ['JavaScript', 1],
    ['Markdown', 1],
  ])
  expect(result).toMatchObject({
    files: 6,
    licence: { spdx: 'MIT', source: 'LICENSE' },
    packageManager: 'pnpm',
    test: { command: 'npm test', source: 'package.json' },
    lint: { command: 'npm run lint', source: 'package.json' },
    dependenciesInstalled: false,
    truncated: false,
  })
})

test('takes the placeholder of npm for no tests', async () => {
  const placeholder = { license: 'ISC', scripts: { test: 'echo "Error: no test specified" && exit 1' } }
  const result = await inspected({ 'package.json': JSON.stringify(placeholder) })
  expect(result).toMatchObject({ test: null, dependenciesInstalled: true, licence: { spdx: 'ISC' } })
})

test('obeys azora.json', async () => {
  const files = { 'azora.json': '{"test": "make verify"}', 'package.json': '{"scripts":{"test":"x"}}' }
  expect((await inspected(files)).test).toEqual({ command: 'make verify', source: 'azora.json' })
})

test.each([
  ['pytest by its settings', { 'pyproject.toml': '[tool.pytest]\n', 'tests/test_a.py': '' }, 'python3 -m pytest -q'],
  ['pytest by plain functions', { 'test_a.py': 'def test_a(): pass' }, 'python3 -m pytest -q'],
  ['unittest', { 'test/test_a.py': 'import unittest' }, "python3 -m unittest discover -s 'test'"],
  ['unittest in a package', { 't/test_a.py': 'import unittest', 't/__init__.py': '' }, 'python3 -m unittest discover'],
  ['go', { 'go.mod': 'module x', 'a_test.go': '' }, 'go test ./...'],
  ['cargo', { 'Cargo.toml': '[package]' }, 'cargo test --offline'],
  ['make', { Makefile: 'all:\n\ttrue\ntest: all\n\ttrue\n' }, 'make test'],
  ['nothing in a variable of make', { Makefile: 'test := x\n' }, undefined],
  ['nothing without tests', { 'pyproject.toml': '[tool.pytest]', 'a.py': '' }, undefined],
  ['nothing in broken JSON', { 'package.json': '{' }, undefined],
])('finds the tests of %s', async (_, files, command) => {
  expect((await inspected(files as Record<string, string>)).test?.command).toBe(command)
})

test('counts what is committed, not what an installation left', async () => {
  const workspace = makeFolder()
  await perform(clone, workspace, { repository: makeRepository({ 'a.ts': 'a' }) })
  writeFiles(workspace, { 'repo/node_modules/x/index.js': 'x', 'repo/dist/b.js': 'b' })
  expect(await perform(inspect, workspace, {})).toMatchObject({ files: 1, bytes: 1, dependenciesInstalled: null })
})

test('describes a folder without git and an empty repository', async () => {
  const workspace = makeFolder()
  writeFiles(workspace, { 'plain/a.py': 'x', 'plain/sub/b.py': 'y', 'plain/node_modules/c.js': 'z' })
  expect(await perform(inspect, workspace, { directory: 'plain' })).toMatchObject({ files: 2, bytes: 2 })
  await perform(clone, workspace, { repository: makeRepository({}) })
  expect(await perform(inspect, workspace, {})).toMatchObject({ files: 0, languages: [], licence: null, test: null })
})

test('tells history and changes', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const head = commitFiles(repository, { 'b.txt': 'b' }, 'second "quoted" | subject')
  const workspace = makeFolder()
  await perform(clone, workspace, { repository })
  const history = await perform(log, workspace, { limit: 1 })
  expect(history).toMatchObject({ total: 2, authors: 1, shallow: false })
  expect(history.commits).toMatchObject([{ commit: head, author: 'A', subject: 'second "quoted" | subject' }])
  expect(await perform(status, workspace, {})).toMatchObject({ branch: 'main', head, clean: true, changes: [] })
  writeFiles(workspace, { 'repo/a.txt': 'changed', 'repo/new name.txt': 'x' })
  expect(await perform(status, workspace, {})).toMatchObject({
    clean: false,
    changes: [
      { state: ' M', path: 'a.txt' },
      { state: '??', path: 'new name.txt' },
    ],
  })
})

test('tells history and changes of an empty repository', async () => {
  const workspace = makeFolder()
  await perform(clone, workspace, { repository: makeRepository({}) })
  expect(await perform(log, workspace, {})).toMatchObject({ commits: [], total: 0, authors: 0 })
  expect(await perform(status, workspace, {})).toMatchObject({ head: null, clean: true })
  expect(userGit(`${workspace}/repo`, 'status', '--porcelain')).toBe('')
})
