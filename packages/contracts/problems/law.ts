import { bug, cancelled, conflict, fix, forbidden, missing } from './entry.ts'

/** The constitution: what it says, how it is replaced and tried. */
export const law = {
  law_invalid: fix(
    'A file of the constitution isn’t what the law can be made of.',
    'Correct it: `azora constitution check` says where.',
  ),
  law_unreadable: fix(
    'A folder holds no constitution that can be read.',
    'Name the folder that holds `CONSTITUTION.md` and `articles`.',
  ),
  cases_invalid: fix(
    'The cases of the constitution can’t be read.',
    'Correct them: `azora constitution check` says where.',
  ),
  cases_failed: fix(
    'The law doesn’t decide its own cases as they say.',
    'Correct the law or the case: `azora constitution test`.',
  ),
  digest_mismatch: fix(
    'The files are not the law that was signed.',
    'Sign what you send: `azora constitution activate`.',
  ),
  version_not_found: missing('No law with this digest is kept here.', 'List them: `azora constitution show`.'),
  already_in_force: conflict('This law is in force already.', 'Nothing is to be done.'),
  rollback_not_stated: conflict(
    'The law was in force before and was replaced, which the statement doesn’t say.',
    'Activate it with `--rollback`.',
  ),
  sequence_conflict: conflict('Another law was activated in the meantime.', 'Look at it, and sign again on top of it.'),
  signature_invalid: forbidden(
    'The statement isn’t signed by somebody who may say it, or is about something else.',
    'Sign it with the key that is known for you: `azora identity list`.',
  ),
  principal_unknown: fix(
    'The principal is of no kind that the law knows.',
    'Use `user:`, `service:`, `agent:`, `node:` or `system:`.',
  ),
  gate_error: bug('The law could not be asked; it denied.'),
  backtest_running: conflict('Another backtest is running.', 'Wait until it has ended.'),
  backtest_cancelled: cancelled('Whoever asked for the backtest went away.', 'Ask again.'),
  backtest_failed: bug('The thread that judges the draft failed.'),
}
