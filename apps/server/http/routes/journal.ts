import { JournalKeyView, RotateKeyRequest } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { z } from 'zod'
import type { App } from '../app.ts'

const Keys = z.strictObject({ items: z.array(JournalKeyView) })

/** The keys that sign the journal's checkpoints. */
export function journalRoutes(app: App, journal: Pick<Journal, 'keys' | 'rotateKey'>): void {
  app.route({
    method: 'GET',
    url: '/api/v1/journal/keys',
    config: { access: ['owner', 'reviewer', 'auditor', 'witness', 'node'] },
    schema: { summary: 'Every key that signed checkpoints, oldest first', response: { 200: Keys } },
    handler: async () => ({ items: journal.keys() }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/journal/rotate-key',
    config: { access: 'owner' },
    schema: {
      summary: 'Let a new key sign checkpoints, beside the old one for a while',
      body: RotateKeyRequest,
      response: { 200: Keys },
    },
    handler: async ({ principal: { id: actor, tenant }, body }) => ({
      items: await journal.rotateKey({ tenant, actor, overlapMs: body.overlapSeconds * 1_000 }),
    }),
  })
}
