import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_ENTRIES = 5000

const Entry = z.strictObject({
  /** Relative to the listed directory. */
  path: z.string(),
  kind: z.enum(['file', 'directory', 'link', 'other']),
  /** Size of a file; 0 for everything else. */
  bytes: z.int(),
})

export default defineSkill({
  skillId: 'workspace.list',
  version: '1.0.0',
  title: 'List files',
  description: 'Lists a folder of the workspace, with everything below it if asked. Links are not followed.',
  input: z.strictObject({
    path: WorkspacePath.default('.'),
    recursive: z.boolean().default(false),
    limit: z.int().min(1).max(MAX_ENTRIES).default(1000),
  }),
  output: z.strictObject({ entries: z.array(Entry).max(MAX_ENTRIES), truncated: z.boolean() }),
  effects: ['read'],
  idempotent: true,
  workspace: 'read',
  limits: { wallMs: 30_000, outputBytes: 4_194_304 },
  run: async (input, { workspace }) => {
    const root = await resolveDirectory(workspace, input.path)
    const entries: Array<z.infer<typeof Entry>> = []
    const waiting = ['']
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      const children = await readdir(path.join(root, folder), { withFileTypes: true })
      for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (entries.length === input.limit) return { entries, truncated: true }
        const relative = path.join(folder, child.name)
        if (child.isFile()) {
          entries.push({ path: relative, kind: 'file', bytes: (await stat(path.join(root, relative))).size })
        } else {
          const kind = child.isDirectory() ? 'directory' : child.isSymbolicLink() ? 'link' : 'other'
          entries.push({ path: relative, kind, bytes: 0 })
        }
        if (child.isDirectory() && input.recursive) waiting.push(relative)
      }
    }
    return { entries, truncated: false }
  },
})
