import { conflict, fix, missing, retry } from './entry.ts'

/** People, nodes and witnesses, and where things are kept. */
export const parties = {
  principal_not_found: missing('Your tenant has no such principal.', 'List them: `azora identity list`.'),
  principal_exists: conflict('There is such a principal already.', 'Choose another name, or remove it first.'),
  principal_protected: conflict('The server itself needs this principal.', 'Leave it.'),
  node_not_found: missing('No such node is connected.', 'List them: `azora nodes list`.'),
  artifact_store_unavailable: retry(
    'The artifact store doesn’t answer.',
    'See whether it can be reached and its credentials hold.',
  ),
  artifact_not_kept: retry('An artifact could not be brought to the server.', 'The action is told; run it again.'),
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
