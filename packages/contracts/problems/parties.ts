import { conflict, fix, missing, other, retry } from './entry.ts'

/** People, nodes and witnesses, and where things are kept. */
export const parties = {
  principal_not_found: missing('Your tenant has no such principal.', 'List them: `azora identity list`.'),
  principal_exists: conflict('There is such a principal already.', 'Choose another name, or remove it first.'),
  principal_protected: conflict('The server itself needs this principal.', 'Leave it.'),
  role_not_found: missing('Your tenant has no such role.', 'List them: `azora identity roles`.'),
  right_without_resource: fix(
    'Rights of this kind hold for all things of their kind; only those about runs and reviews may hold for some.',
    'Ask without a resource.',
  ),
  role_exists: conflict('Your tenant has a role of this name.', 'Choose another name: a role never changes.'),
  role_in_use: conflict(
    'Somebody has the role, or a group of the identity provider gives it.',
    'Give them another one first; the message says who.',
  ),
  roles_too_many: conflict('Your tenant has as many roles of its own as it may.', 'Remove one that nobody has.'),
  node_not_found: missing('No such node is connected.', 'List them: `azora nodes list`.'),
  artifact_store_unavailable: retry(
    'The artifact store doesn’t answer.',
    'See whether it can be reached and its credentials hold.',
  ),
  artifact_store_full: other('retry', 507)(
    'The disk on which artifacts lie is full.',
    'Make room on it; what was being stored is gone.',
  ),
  artifact_not_kept: retry('An artifact could not be brought to the server.', 'The action is told; run it again.'),
  artifact_not_fetched: retry('The node could not fetch an artifact.', 'See whether it reaches the server.'),
  artifact_kept: retry('The artifact store would not remove an object.', 'It is tried again.'),
  artifact_store_malformed: fix('`AZORA_ARTIFACTS` can’t be read.', 'Use `s3://BUCKET/PREFIX`.'),
  witness_key_malformed: fix(
    'The witness’s key file holds no Ed25519 key.',
    'Restore it, or let the witness make a new one.',
  ),
  witness_key_mismatch: conflict(
    'The witness’s state belongs to another key.',
    'Start it with the key that the state names.',
  ),
  witness_name_malformed: fix('A witness can’t have this name.', 'Use a name without spaces or plus signs.'),
  witness_policy_malformed: fix('The witness policy can’t be used.', 'Correct the file; the message says where.'),
  witness_running: conflict('Another witness works with the same state.', 'Stop it, or use another folder.'),
  witness_state_corrupt: conflict(
    'The witness’s state can’t be read.',
    'Restore it from a backup: what it remembers can’t be made again.',
  ),
  witness_state_missing: missing('There is no state of a witness here.', 'Name the folder with `--state`.'),
}
