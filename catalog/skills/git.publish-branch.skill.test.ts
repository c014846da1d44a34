import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, test } from 'vitest'
import { commitFiles, makeFolder, makeRepository, perform, RUN_ID, userGit } from '../testing/workspace.ts'
import clone from './git.clone.skill.ts'
import publish from './git.publish-branch.skill.ts'

const branch = `azora/${RUN_ID}`
const files = [{ path: 'AZORA_REPORT.md', content: '# Report\n' }]
const REQUEST = { directory: 'repo', branch, files, message: 'Add report' }

async function cloned(repository: string): Promise<string> {
  const workspace = makeFolder()
  await perform(clone, workspace, { repository })
  return workspace
}

test('adds one commit on top of the head on a new branch and touches nothing else', async () => {
  const repository = makeRepository({ 'a.txt': 'a', 'dir/b.txt': 'b' })
  const head = userGit(repository, 'rev-parse', 'HEAD')
  const result = await perform(publish, await cloned(repository), { repository, ...REQUEST })
  expect(result).toMatchObject({ branch, base: head, pushed: true })
  expect(userGit(repository, 'rev-parse', branch)).toBe(result.commit)
  expect(userGit(repository, 'rev-parse', `${branch}^`)).toBe(head)
  expect(userGit(repository, 'diff', '--name-status', 'main', branch)).toBe('A\tAZORA_REPORT.md')
  expect(userGit(repository, 'log', '-1', '--format=%an <%ae> %cI', branch)).toBe(
    'Azora repo-steward <azora@localhost> 2026-01-02T03:04:05+00:00',
  )
  expect(userGit(repository, 'for-each-ref', '--format=%(refname)').split('\n')).toEqual([
    `refs/heads/${branch}`,
    'refs/heads/main',
  ])
  expect(userGit(repository, 'status', '--porcelain')).toBe('')
  expect(userGit(repository, 'fsck', '--strict')).toBe('')
})

test('gives the same commit again and does nothing the second time', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const first = await perform(publish, await cloned(repository), { repository, ...REQUEST })
  expect(await perform(publish, await cloned(repository), { repository, ...REQUEST })).toEqual(first)
})

test('finishes when it was stopped before the push', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const workspace = await cloned(repository)
  const first = await perform(publish, workspace, { repository, ...REQUEST })
  userGit(repository, 'update-ref', '-d', `refs/heads/${branch}`)
  expect(await perform(publish, workspace, { repository, ...REQUEST })).toEqual(first)
})

test('never overwrites a branch', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  userGit(repository, 'branch', branch)
  const before = userGit(repository, 'rev-parse', branch)
  await expect(perform(publish, await cloned(repository), { repository, ...REQUEST })).rejects.toMatchObject({
    code: 'branch_exists',
  })
  expect(userGit(repository, 'rev-parse', branch)).toBe(before)
})

test('publishes an empty repository as a commit without parent, and a bare one', async () => {
  const empty = makeRepository({})
  const result = await perform(publish, await cloned(empty), { repository: empty, ...REQUEST })
  expect(result).toMatchObject({ base: null, pushed: true })
  expect(userGit(empty, 'log', '--format=%P|%s', branch)).toBe('|Add report')
  const bare = path.join(makeFolder(), 'bare.git')
  userGit(makeRepository({ 'a.txt': 'a' }), 'clone', '--quiet', '--bare', '.', bare)
  await perform(publish, await cloned(bare), { repository: bare, ...REQUEST })
  expect(userGit(bare, 'rev-list', '--count', branch)).toBe('2')
})

test('bases the branch on the real head of a long history', async () => {
  const repository = makeRepository({ 'a.txt': '0' })
  for (let index = 1; index < 5; index += 1) commitFiles(repository, { 'a.txt': `${index}` }, `${index}`)
  const workspace = makeFolder()
  await perform(clone, workspace, { repository, depth: 1 })
  await perform(publish, workspace, { repository, ...REQUEST })
  expect(userGit(repository, 'rev-list', '--count', branch)).toBe('6')
})

test('trusts neither settings nor replaced objects that a test run left in the clone', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const head = userGit(repository, 'rev-parse', 'HEAD')
  const workspace = await cloned(repository)
  const checkout = path.join(workspace, 'repo')
  const proof = path.join(makeFolder(), 'ran')
  const forged = commitFiles(checkout, { 'evil.txt': 'evil' }, 'evil')
  userGit(checkout, 'replace', '--graft', forged)
  userGit(checkout, 'replace', '-f', head, forged)
  userGit(checkout, 'config', 'core.fsmonitor', `touch ${proof}; false`)
  userGit(checkout, 'config', 'core.hooksPath', makeHook(proof, 'pre-push'))
  userGit(checkout, 'config', `url.file:///nonexistent.insteadOf`, 'file://')
  await perform(publish, workspace, { repository, ...REQUEST, base: head })
  expect(userGit(repository, 'diff', '--name-only', 'main', branch)).toBe('AZORA_REPORT.md')
  expect(existsSync(proof)).toBe(false)
})

test('runs no hook of the target', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const proof = path.join(makeFolder(), 'ran')
  for (const hook of ['pre-receive', 'update', 'post-receive', 'reference-transaction']) {
    userGit(repository, 'config', 'core.hooksPath', makeHook(proof, hook))
    await perform(publish, await cloned(repository), { repository, ...REQUEST })
    userGit(repository, '-c', 'core.hooksPath=/dev/null', 'branch', '-D', branch)
  }
  expect(existsSync(proof)).toBe(false)
})

function makeHook(proof: string, name: string): string {
  const folder = path.join(makeFolder(), 'hooks')
  mkdirSync(folder)
  writeFileSync(path.join(folder, name), `#!/bin/sh\ntouch ${proof}\n`)
  chmodSync(path.join(folder, name), 0o755)
  return folder
}

test('says why a push over HTTP failed and keeps the commit in the clone', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const workspace = await cloned(repository)
  userGit(repository, 'update-server-info')
  const server = await serveFiles(path.join(repository, '.git'))
  try {
    const result = await perform(publish, workspace, { repository: server.url, ...REQUEST })
    expect(result).toMatchObject({ pushed: false, reason: expect.stringMatching(/\S/) })
    expect(userGit(path.join(workspace, 'repo'), 'rev-parse', branch)).toBe(result.commit)
  } finally {
    server.close()
  }
})

/** Git's "dumb" HTTP transport (gitprotocol-http(5)), which can't be pushed to. */
async function serveFiles(folder: string) {
  const server = createServer((request, response) => {
    const file = path.join(folder, new URL(request.url ?? '/', 'http://x').pathname)
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end()
    response.end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test.each(['main', 'azora', 'other/x', 'azora/../main', 'azora/x.lock', 'azora/-x', 'azora/a b', 'azora/x..y'])(
  'refuses the branch name %s',
  async (name) => {
    const repository = makeRepository({ 'a.txt': 'a' })
    await expect(perform(publish, await cloned(repository), { repository, ...REQUEST, branch: name })).rejects.toThrow(
      /branch/,
    )
  },
)

test.each(['/etc/x', '../x', 'a/../x', '.git/config', 'a/.GIT/x', 'a//b'])('refuses the file path %s', async (name) => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const request = { repository, ...REQUEST, files: [{ path: name, content: 'x' }] }
  await expect(perform(publish, await cloned(repository), request)).rejects.toThrow(/files/)
})

test('says when the base is unknown', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  const request = { repository, ...REQUEST, base: '0123456789012345678901234567890123456789' }
  await expect(perform(publish, await cloned(repository), request)).rejects.toMatchObject({ code: 'base_missing' })
})
