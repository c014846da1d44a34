import { AzoraError } from '@azora/base'
import type { Kind } from './offers.ts'
import { compareVersions } from './version.ts'

export interface Shelf<T> {
  kind: Kind
  idOf(item: T): string
  put(item: T): void
  get(id: string, version?: string): T
  all(): T[]
}

/** All versions of things with a name, newest first. */
export function createShelf<T extends { version: string }>(kind: Kind, idOf: (item: T) => string): Shelf<T> {
  const byId = new Map<string, T[]>()
  return {
    kind,
    idOf,
    put(item) {
      const others = (byId.get(idOf(item)) ?? []).filter(({ version }) => version !== item.version)
      byId.set(
        idOf(item),
        [...others, item].sort((a, b) => compareVersions(b.version, a.version)),
      )
    },
    get(id, version) {
      const versions = byId.get(id) ?? []
      const found = version === undefined ? versions[0] : versions.find((item) => item.version === version)
      if (found) return found
      throw notFound(kind, id, version)
    },
    all: () =>
      [...byId.values()].flat().sort((a, b) => idOf(a).localeCompare(idOf(b)) || compareVersions(b.version, a.version)),
  }
}

const nameOf = (id: string, version: string | undefined): string => (version === undefined ? id : `${id}@${version}`)

/** For a run, which sees what was offered when it began. */
export const notFoundThen = (kind: Kind, id: string, version: string | undefined): AzoraError =>
  new AzoraError('missing', `${kind}_not_found`, `there was no ${kind} ${nameOf(id, version)} when the run began`, {
    remedy: 'Start a new run, which uses the versions of today, or move this one: azora run migrate RUN --skills',
  })

export function notFound(kind: Kind, id: string, version: string | undefined): AzoraError {
  const name = nameOf(id, version)
  return new AzoraError('missing', `${kind}_not_found`, `there is no ${kind} ${name}`, {
    remedy: `List what there is: azora ${kind} list`,
  })
}
