import { cpSync, realpathSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { layCheckout } from './lay-checkout.ts'

/** The server's program, beside a catalogue that holds these skills and no more. */
export async function checkoutWith(...skills: readonly string[]): Promise<{ main: string; remove(): Promise<void> }> {
  const root = realpathSync(await mkdtemp(join(tmpdir(), 'azora-bench-checkout-')))
  layCheckout(root)
  for (const skill of skills) cpSync(skill, join(root, 'catalog/skills', basename(skill)))
  return { main: join(root, 'apps/server/main.ts'), remove: () => rm(root, { recursive: true, force: true }) }
}
