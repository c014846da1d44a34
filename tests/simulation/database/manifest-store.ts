import type { JsonObject } from '@azora/contracts'
import type { ManifestStore } from '@azora/skills'
import type { Ask } from './link.ts'
import type { Tables } from './tables.ts'

const KEY = /^(skill|agent):(.+)@(.+)$/

/** The registry's manifests behind their real port. */
export function manifestStore({ manifests }: Tables, ask: Ask): ManifestStore {
  return {
    keep: ({ kind, id, version }, digest, manifest) =>
      ask('keep manifest', () => {
        const key = `${kind}:${id}@${version}`
        const kept = manifests.get(key) ?? { digest, manifest }
        manifests.set(key, kept)
        return kept.digest
      }),
    all: () =>
      ask('manifests', () =>
        [...manifests].flatMap(([key, { manifest }]) => {
          const [, kind, id, version] = KEY.exec(key) ?? []
          return id && version ? [{ kind: kind as 'skill' | 'agent', id, version, manifest }] : []
        }),
      ),
    read: ({ kind, id, version }) =>
      ask('manifest', () => manifests.get(`${kind}:${id}@${version}`)?.manifest as JsonObject | undefined),
  }
}
