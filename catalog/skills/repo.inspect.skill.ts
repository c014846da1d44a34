import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { countLanguages } from '../lib/languages.ts'
import { findLicence } from '../lib/licence.ts'
import { inspectToolchain } from '../lib/toolchain.ts'
import { listTree } from '../lib/tree.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_FILES = 500_000
const MAX_LANGUAGES = 30

const Command = z.strictObject({
  command: z.string(),
  /** The file that it was found in. */
  source: z.string(),
})

export default defineSkill({
  skillId: 'repo.inspect',
  version: '1.1.0',
  title: 'Inspect a project',
  description: 'Tells what a checkout is made of: languages, size, licence, package manager, and how it is tested.',
  input: z.strictObject({ directory: WorkspacePath.default('repo') }),
  output: z.strictObject({
    files: z.int(),
    bytes: z.int(),
    /** The largest first; languages written for people come last. */
    languages: z
      .array(z.strictObject({ name: z.string(), files: z.int(), bytes: z.int(), share: z.number() }))
      .max(MAX_LANGUAGES),
    licence: z.strictObject({ spdx: z.string(), source: z.string() }).nullable(),
    packageManager: z.string().nullable(),
    test: Command.nullable(),
    lint: Command.nullable(),
    dependenciesInstalled: z.boolean().nullable(),
    /** True when there are more files than were looked at. */
    truncated: z.boolean(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'read',
  limits: { wallMs: 120_000 },
  run: async (input, { workspace }) => {
    const directory = await resolveDirectory(workspace, input.directory)
    const { files, truncated } = await listTree(directory, MAX_FILES)
    const paths = files.map((file) => file.path)
    const root = new Set(paths.map((file) => file.split('/', 1)[0] ?? file))
    const rootFiles = paths.filter((file) => !file.includes('/'))
    return {
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      languages: countLanguages(files).slice(0, MAX_LANGUAGES),
      licence: await findLicence(directory, rootFiles),
      ...(await inspectToolchain({ directory, root, files: paths })),
      truncated,
    }
  },
})
