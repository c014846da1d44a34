import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './cli.ts'
import { tempDir } from './temp-dir.ts'

/** All but the programs, which look for the catalogue beside themselves. */
const SHARED = ['node_modules', 'package.json', 'packages', 'services', 'constitution']

/** A checkout with a catalogue of a test's own, from which the real programs are started. */
export interface Checkout {
  root: string
  /** Puts these files in the place of those of the catalogue with the same paths. */
  write(files: Record<string, string>): void
  remove(): void
}

/** @param catalog files below the catalogue, with their texts */
export function createCheckout(name: string, catalog: Record<string, string>): Checkout {
  const folder = tempDir(name)
  const root = join(realpathSync(folder.path), 'checkout')
  mkdirSync(root)
  cpSync(join(ROOT, 'apps'), join(root, 'apps'), { recursive: true })
  for (const path of SHARED) symlinkSync(join(ROOT, path), join(root, path))
  const write = (files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(root, 'catalog', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }
  write({ 'package.json': '{ "type": "module" }\n', ...catalog })
  return { root, write, remove: () => folder.remove() }
}
