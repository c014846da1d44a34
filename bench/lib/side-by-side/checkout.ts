import { cpSync, realpathSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { layCheckout } from '../lay-checkout.ts'

/** The server's program, beside a catalogue that holds one skill and no more. */
export async function checkoutWith(skill: string): Promise<{ main: string; remove(): Promise<void> }> {
  const root = realpathSync(await mkdtemp(join(tmpdir(), 'azora-bench-checkout-')))
  layCheckout(root)
  cpSync(skill, join(root, 'catalog/skills', basename(skill)))
  return { main: join(root, 'apps/server/main.ts'), remove: () => rm(root, { recursive: true, force: true }) }
}
