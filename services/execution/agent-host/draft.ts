import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AgentModule } from '@azora/contracts'

/** The source of an agent on disk, for as long as it is tried. */
export interface KeptDraft {
  folder: string
  remove(): Promise<void>
}

/** Writes it where it can import the same packages as the catalogue. */
export async function keepDraft({ files }: AgentModule, projectRoot: string): Promise<KeptDraft> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'azora-draft-')))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    for (const { path, text } of files) {
      const file = join(folder, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text, { flag: 'wx' })
    }
    // Last, so that no path leads through it.
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
    return { folder, remove }
  } catch (thrown) {
    await remove()
    throw thrown
  }
}
