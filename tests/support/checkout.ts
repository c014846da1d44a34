import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { layCheckout } from '../../bench/lib/lay-checkout.ts'
import { tempDir } from './temp-dir.ts'

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
  layCheckout(root)
  const write = (files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(root, 'catalog', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }
  write(catalog)
  return { root, write, remove: () => folder.remove() }
}
