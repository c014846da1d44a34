import { open } from 'node:fs/promises'
import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { isMissing, resolveInWorkspace, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_BYTES = 524_288

export default defineSkill({
  skillId: 'workspace.read-file',
  version: '1.1.0',
  title: 'Read a file',
  description: 'Reads a file of the workspace as text, or as base64 when it is binary.',
  input: z.strictObject({
    path: WorkspacePath,
    /** Bytes to read at most. */
    maxBytes: z.int().min(1).max(MAX_BYTES).default(MAX_BYTES),
  }),
  output: z.strictObject({
    path: z.string(),
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
    /** Size of the whole file in bytes. */
    bytes: z.int(),
    truncated: z.boolean(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'read',
  formats: { '/path': 'path' },
  limits: { wallMs: 10_000, outputBytes: 2_097_152 },
  run: async (input, { workspace }) => {
    const target = await resolveInWorkspace(workspace, input.path)
    const file = await open(target, 'r').catch((error: unknown) => {
      if (isMissing(error)) throw new SkillError('file_not_found', `${input.path} does not exist`)
      throw error
    })
    try {
      const stats = await file.stat()
      if (!stats.isFile()) throw new SkillError('not_a_file', `${input.path} is no regular file`)
      const buffer = Buffer.alloc(Math.min(stats.size, input.maxBytes))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
      const data = buffer.subarray(0, bytesRead)
      const encoding = data.includes(0) ? 'base64' : 'utf8'
      return {
        path: input.path,
        encoding,
        content: data.toString(encoding),
        bytes: stats.size,
        truncated: bytesRead < stats.size,
      } as const
    } finally {
      await file.close()
    }
  },
})
