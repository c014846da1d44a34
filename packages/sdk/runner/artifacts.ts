import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve } from 'node:path'
import { ARTIFACT_BYTES_MAX, ARTIFACT_REFS_MAX, type ArtifactRef } from '@azora/contracts/authoring'
import { SkillError } from '../define-error.ts'
import type { SkillContext, SkillTools } from '../define-skill.ts'

/** A file of the workspace that the node is to keep. */
export interface Kept {
  name: string
  path: string
}

/** Artifacts as a skill meets them: those that its input names, and files that it leaves behind. */
export function createArtifacts({ workspace, artifacts = {} }: Pick<SkillContext, 'workspace' | 'artifacts'>): {
  tools: Pick<SkillTools, 'artifact' | 'keep'>
  said(): { kept?: Kept[] }
} {
  const kept: Kept[] = []
  return {
    tools: {
      artifact({ $artifact }) {
        const file = artifacts[$artifact]
        if (file === undefined)
          throw new SkillError('artifact_missing', `the input does not name artifact ${$artifact}`)
        return file
      },
      async keep(file, name = basename(file)) {
        const path = relative(workspace, resolve(workspace, file))
        if (path === '' || path.startsWith('..') || isAbsolute(path))
          throw new TypeError(`${file} can't be kept: it is no file of the workspace`)
        if (kept.length >= ARTIFACT_REFS_MAX) throw new TypeError(`an action keeps at most ${ARTIFACT_REFS_MAX} files`)
        const { size } = await stat(resolve(workspace, path))
        if (size > ARTIFACT_BYTES_MAX)
          throw new SkillError('artifact_too_large', `${file} is larger than ${ARTIFACT_BYTES_MAX} bytes`)
        kept.push({ name, path })
        return { $artifact: await digestOf(resolve(workspace, path)), name, bytes: size } satisfies ArtifactRef
      },
    },
    said: () => (kept.length > 0 ? { kept } : {}),
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}
