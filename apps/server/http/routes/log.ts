import type { Journal } from '@azora/journal'
import type { Witnesses } from '../../witnesses/collector.ts'
import type { App } from '../app.ts'
import { checkpointRoutes } from './checkpoints.ts'
import { journalRoutes } from './journal.ts'
import { exportRoutes } from './journal-export.ts'
import { journalProofRoutes } from './journal-proofs.ts'
import { journalTileRoutes } from './journal-tiles.ts'

/** The journal as a transparency log: its keys, what it published, proofs, tiles and all of its entries. */
export function logRoutes(app: App, journal: Journal, witnesses: Witnesses | undefined): void {
  journalRoutes(app, journal)
  checkpointRoutes(app, { journal, witnesses })
  exportRoutes(app, journal)
  journalProofRoutes(app, journal, witnesses)
  journalTileRoutes(app, journal)
}
