import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../apps/server/project-root.ts'

/** All but the programs, which look for the catalogue beside themselves. */
const SHARED = ['node_modules', 'package.json', 'packages', 'services', 'constitution']

/**
 * Lays out a checkout from which the real programs can be started, with a catalogue that is still empty: for benchmarks, and for
 * tests, which may use what lies here, while nothing may use what lies with them.
 *
 * @param root real path of an empty folder
 */
export function layCheckout(root: string): void {
  cpSync(join(PROJECT_ROOT, 'apps'), join(root, 'apps'), { recursive: true })
  for (const path of SHARED) symlinkSync(join(PROJECT_ROOT, path), join(root, path))
  mkdirSync(join(root, 'catalog'))
  writeFileSync(join(root, 'catalog/package.json'), '{ "type": "module" }\n')
}
