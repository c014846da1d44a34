import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { resolveInWorkspace, WorkspacePath } from '../lib/workspace-path.ts'

export default defineSkill({
  skillId: 'workspace.write-file',
  version: '1.1.0',
  title: 'Write a file',
  description: 'Writes a file of the workspace, as a whole or not at all. Folders are made as needed.',
  input: z.strictObject({
    path: WorkspacePath,
    content: z.string().max(1_000_000),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
  }),
  output: z.strictObject({ path: z.string(), bytes: z.int() }),
  // The workspace is the run's own scratch room: nothing outside the run can notice.
  effects: ['none'],
  idempotent: true,
  workspace: 'write',
  formats: { '/path': 'path', '/content': 'code' },
  limits: { wallMs: 10_000, fileBytes: 2_097_152 },
  run: async (input, { workspace }) => {
    const target = await resolveInWorkspace(workspace, input.path)
    const present = await stat(target).catch(() => undefined)
    if (present !== undefined && !present.isFile()) {
      throw new SkillError('not_a_file', `${input.path} exists and is no regular file`)
    }
    const data = Buffer.from(input.content, input.encoding)
    await mkdir(path.dirname(target), { recursive: true })
    const draft = path.join(path.dirname(target), `.${randomUUID()}.tmp`)
    try {
      await writeFile(draft, data, { flag: 'wx' })
      await rename(draft, target)
    } finally {
      await rm(draft, { force: true })
    }
    return { path: path.normalize(input.path), bytes: data.length }
  },
})
