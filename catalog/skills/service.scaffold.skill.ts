import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { httpService } from '../lib/http-service-template.ts'
import { readText } from '../lib/read-text.ts'
import { resolveInWorkspace, WorkspacePath } from '../lib/workspace-path.ts'

export default defineSkill({
  skillId: 'service.scaffold',
  version: '1.0.0',
  title: 'Scaffold a service',
  description: 'Writes a small HTTP service for Node without dependencies, with a health check and a test that passes.',
  input: z.strictObject({
    /** Where to write it; files that are there already must be the same. */
    directory: WorkspacePath,
    name: z
      .string()
      .max(60)
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'use lower-case words joined by "-"'),
    kind: z.literal('http'),
  }),
  output: z.strictObject({ directory: z.string(), files: z.array(z.string()), test: z.string() }),
  effects: ['none'],
  idempotent: true,
  workspace: 'write',
  limits: { wallMs: 10_000, fileBytes: 1_048_576 },
  run: async ({ directory, name }, { workspace }) => {
    const files = Object.entries(httpService(name))
    const targets = await Promise.all(
      files.map(async ([file, content]) => {
        const target = await resolveInWorkspace(workspace, path.join(directory, file))
        return { file, content, target, present: await readText(target) }
      }),
    )
    const other = targets.find(({ present, content }) => present !== undefined && present !== content)
    if (other !== undefined) throw new SkillError('file_exists', `${path.join(directory, other.file)} exists already`)
    for (const { target, content } of targets) {
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, content)
    }
    return { directory: path.normalize(directory), files: files.map(([file]) => file), test: 'node --test' }
  },
})
