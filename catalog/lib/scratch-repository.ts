import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { git } from './git.ts'
import { isMissing } from './workspace-path.ts'

/**
 * Calls `use` with a fresh bare repository that sees the objects of `source`, and removes it afterwards. Commits that
 * leave the run are made there and not in the workspace: code of the repository ran in the workspace and could have
 * left settings, replacements or forged objects behind.
 *
 * @param source working tree or bare repository
 */
export async function withScratchRepository<T>(source: string, use: (scratch: string) => Promise<T>): Promise<T> {
  const common = path.resolve(source, await git(source, ['rev-parse', '--git-common-dir']))
  const format = await git(source, ['rev-parse', '--show-object-format'])
  const scratch = await mkdtemp(path.join(tmpdir(), 'azora-git-'))
  try {
    await git(scratch, ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '.'])
    await mkdir(path.join(scratch, 'objects/info'), { recursive: true })
    await writeFile(path.join(scratch, 'objects/info/alternates'), `${path.join(common, 'objects')}\n`)
    await copyFile(path.join(common, 'shallow'), path.join(scratch, 'shallow')).catch((error: unknown) => {
      if (!isMissing(error)) throw error
    })
    return await use(scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
