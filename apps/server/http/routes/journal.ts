import { operations } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { keys, rotateKey } = operations.journal

/** The keys that sign the journal's checkpoints. */
export function journalRoutes(app: App, journal: Pick<Journal, 'keys' | 'rotateKey'>): void {
  serve(app, keys, async () => ({ items: journal.keys() }))
  serve(app, rotateKey, async ({ principal: { id: actor, tenant }, body }) => ({
    items: await journal.rotateKey({ tenant, actor, overlapMs: body.overlapSeconds * 1_000 }),
  }))
}
