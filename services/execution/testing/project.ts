import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf, sha256Hex } from '@azora/proof'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
/** What sandboxes see of the project, and the folders that they must not see. */
const SHARED = ['node_modules', 'package.json', 'packages/contracts', 'packages/sdk', 'services']

/** A project with the real SDK and a catalog of its own, and a data directory beside it. */
export interface TestProject {
  root: string
  dataDir: string
  /** Adds a file to the catalog; answers the digest of its text. */
  add(path: string, text: string): Promise<string>
  remove(): Promise<void>
}

/** @param catalog files below the catalog, with their texts */
export async function createTestProject(catalog: Record<string, string> = {}): Promise<TestProject> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'azora-execution-')))
  const [root, dataDir] = [join(folder, 'project'), join(folder, 'data')]
  await mkdir(join(root, 'packages'), { recursive: true })
  await mkdir(join(root, '.git'))
  await mkdir(join(root, 'catalog'))
  await mkdir(dataDir)
  for (const path of SHARED) await symlink(join(REPOSITORY, path), join(root, path))
  const project: TestProject = {
    root,
    dataDir,
    async add(path, text) {
      const target = join(root, 'catalog', path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, text)
      return digestOf({ [path]: sha256Hex(text) })
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  for (const [path, text] of Object.entries(catalog)) await project.add(path, text)
  return project
}
