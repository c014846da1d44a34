import { bug, conflict, fix, missing, retry } from './entry.ts'

/** The log: its keys, proofs, payloads and what is erased from it. */
export const journal = {
  shard_not_found: missing('There is no such journal shard.', 'The shard is `main`.'),
  entry_not_found: missing('The log has no such entry.', 'Take an index below the size of the newest checkpoint.'),
  tile_not_found: missing(
    'The log has no such tile.',
    'Take the width of the last tile on a level from the size of a checkpoint.',
  ),
  range_invalid: fix('The range reaches beyond what is public.', 'Ask up to the size of the newest checkpoint.'),
  proof_out_of_range: fix('The index or size is beyond the log.', 'Take it from the newest checkpoint.'),
  proof_too_large: fix('The payloads together are larger than a proof may be.', 'Ask for fewer entries.'),
  checkpoint_unpublished: retry('The entry is under no public checkpoint yet.', 'Try again in a moment.'),
  rotation_in_progress: conflict(
    'An older key of the log still signs.',
    'Wait until its overlap has ended: `azora journal keys`.',
  ),
  rotation_unsupported: conflict('The key of the log is kept elsewhere.', 'Rotate it where it is kept.'),
  journal_closed: retry('The server is stopping.', 'Try again in a moment.'),
  journal_fenced: conflict('Another server has taken the log over.', 'Talk to that server.'),
  journal_corrupt: conflict(
    'What is stored is not what was signed.',
    'Restore the database, and see `docs/guides/troubleshooting.md`.',
  ),
  journal_diverged: conflict(
    'The log doesn’t end where its only writer left it.',
    'Find out who else writes to the database, and restore it.',
  ),
  journal_key_mismatch: conflict(
    'The last checkpoint is not signed by this server’s key.',
    'Start with the data directory that belongs to the database.',
  ),
  journal_key_malformed: fix(
    'The journal key isn’t a verifier key.',
    'Copy it from `keys/journal.vkey` in the server’s data directory.',
  ),
  journal_not_new: conflict('A run or key was taken for new and is in the log.', 'Try again; the log is as it was.'),
  journal_shard_missing: bug('A row of the journal vanished.'),
  journal_node_missing: bug('A hash of the journal’s tree vanished.'),
  payload_too_large: fix(
    'What would be put on record is larger than an entry may be.',
    'Send less; large things are artifacts.',
  ),
  payload_not_json: fix('What would be put on record is no JSON.', 'Let the skill or agent answer with JSON.'),
  payload_unreadable: conflict('A payload was changed in the database.', 'Restore the database.'),
  payload_key_missing: conflict(
    'A payload is encrypted under a key that isn’t here.',
    'Restore the keys, and start with the same key-encryption key.',
  ),
  payload_key_locked: conflict(
    'The keys of payloads are wrapped by another key-encryption key.',
    'Start with the key that wrapped them: `AZORA_SECRETS_KEY`.',
  ),
  payload_encryption_off: conflict('Payloads are not encrypted here.', 'Start with `--encrypt-payloads`.'),
  erasure_not_found: missing('There is no erasure with this id.', 'List them: `azora audit erasures`.'),
  erasure_changed: conflict('The statement is not about what would be erased now.', 'Preview it again, and sign that.'),
  erasure_refused: conflict(
    'The selection holds what the system works by.',
    'Leave those entries out; the preview names them.',
  ),
  erasure_too_large: fix('The selection is larger than one erasure takes.', 'Erase in parts.'),
  erasure_busy: retry('Earlier erasures have not ended.', 'Try again later.'),
  erasure_unrecorded: bug('An erasure would be done that is not on record.'),
}
