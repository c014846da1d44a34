import { readFile, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { AgentModule } from '@azora/contracts'
import { usageError } from '../../exit.ts'

const MODULES_MAX = 200
/** The relative modules that a module names statically: `from './x.ts'`, `import './x.ts'`, `import('./x.ts')`. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g
const REMEDY = 'Name the module whose default export is defineAgent({ … }).'

/** A module with everything that it imports by relative path. */
export async function moduleAt(file: string): Promise<AgentModule> {
  const entry = await realpath(resolve(file)).catch(() => {
    throw usageError(`there is no file ${file}`, REMEDY)
  })
  const texts = new Map<string, string>()
  const waiting = [entry]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const path = await realpath(next).catch(() => next as string)
    if (texts.has(path)) continue
    if (texts.size >= MODULES_MAX) throw usageError(`${file} imports more than ${MODULES_MAX} modules`)
    const text = await readFile(path, 'utf8').catch(() => undefined)
    // What only looks like an import, in a text, may name nothing.
    if (text === undefined && path !== entry) continue
    if (text === undefined) throw usageError(`${file} can't be read`, REMEDY)
    texts.set(path, text)
    for (const [, , target = ''] of text.matchAll(RELATIVE_IMPORT)) waiting.push(join(dirname(path), target))
  }
  const base = commonFolder([...texts.keys()])
  const files = [...texts].map(([path, text]) => ({ path: relative(base, path), text }))
  const module = AgentModule.safeParse({ entrypoint: relative(base, entry), files })
  if (module.success) return module.data
  const [issue] = module.error.issues
  throw usageError(
    `${file} can't be sent: ${issue?.path.join('/') ?? ''} ${issue?.message ?? 'it is not valid'}`,
    REMEDY,
  )
}

function commonFolder(paths: readonly string[]): string {
  const [first = '/', ...others] = paths.map(dirname)
  let folder = first
  for (const other of others)
    while (other !== folder && !other.startsWith(`${folder.replace(/\/$/, '')}/`)) folder = dirname(folder)
  return folder
}
