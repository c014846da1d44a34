import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import { ConstitutionFiles } from '@azora/contracts'
import { digestOfLaw, lawFilesOf } from '@azora/law'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

export interface VersionStore {
  /** Keeps the files under the digest that their law gives. What was kept before stays, unless it was damaged. */
  keep(digest: string, files: ConstitutionFiles): Promise<void>
  /** Undefined unless the files are there and give the digest. */
  read(digest: string): Promise<ConstitutionFiles | undefined>
}

/** Postgres schema `constitution`. */
export async function createVersionStore(db: Db): Promise<VersionStore> {
  await migrate(db, 'constitution', MIGRATIONS)

  async function read(digest: string): Promise<ConstitutionFiles | undefined> {
    const { rows } = await db.query<{ files: unknown }>('select files from constitution.version where digest = $1', [
      digest,
    ])
    const files = ConstitutionFiles.safeParse(rows[0]?.files)
    return files.success && digestOfLaw(lawFilesOf(files.data)) === digest ? files.data : undefined
  }

  return {
    read,
    async keep(digest, files) {
      if (await read(digest)) return
      await db.query(
        `insert into constitution.version (digest, files) values ($1, $2)
         on conflict (digest) do update set files = excluded.files`,
        [digest, JSON.stringify(files)],
      )
    },
  }
}
