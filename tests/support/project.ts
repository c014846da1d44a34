import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './cli.ts'
import { tempDir } from './temp-dir.ts'

const SHARED = ['node_modules', 'package.json', 'packages', 'services']

/** A checkout with a catalogue of its own. */
export interface Project {
  root: string
  /** Writes a file of the catalogue. */
  write(path: string, text: string): void
  delete(path: string): void
  remove(): void
}

/** @param catalog files below the catalogue, with their texts */
export function createProject(name: string, catalog: Record<string, string>): Project {
  const folder = tempDir(name)
  const root = join(realpathSync(folder.path), 'project')
  mkdirSync(join(root, '.git'), { recursive: true })
  for (const path of SHARED) symlinkSync(join(ROOT, path), join(root, path))
  const write = (path: string, text: string): void => {
    const file = join(root, 'catalog', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  for (const [path, text] of Object.entries(catalog)) write(path, text)
  return { root, write, delete: (path) => rmSync(join(root, 'catalog', path)), remove: () => folder.remove() }
}
