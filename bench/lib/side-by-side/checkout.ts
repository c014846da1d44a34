import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** All but the programs, which look for the catalogue beside themselves. */
const LINKED = ['node_modules', 'package.json', 'packages', 'services', 'constitution']

/** The server's program, beside a catalogue that holds one skill and no more. */
export async function checkoutWith(skill: string): Promise<{ main: string; remove(): Promise<void> }> {
  const root = realpathSync(await mkdtemp(join(tmpdir(), 'azora-bench-checkout-')))
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(root, name))
  cpSync(join(ROOT, 'apps'), join(root, 'apps'), { recursive: true })
  mkdirSync(join(root, 'catalog/skills'), { recursive: true })
  writeFileSync(join(root, 'catalog/package.json'), '{ "type": "module" }\n')
  cpSync(skill, join(root, 'catalog/skills', basename(skill)))
  return { main: join(root, 'apps/server/main.ts'), remove: () => rm(root, { recursive: true, force: true }) }
}
