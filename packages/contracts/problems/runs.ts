import { bug, cancelled, conflict, fix, forbidden, missing, other, retry, tooLarge } from './entry.ts'

/** Runs, their agents and actions, and what people decide about them. */
export const runs = {
  run_not_found: missing('Your tenant has no run with this id.', 'List them: `azora run list`.'),
  run_not_ended: conflict(
    'The run has not ended, and this needs one that has.',
    'Wait for its end, or cancel it: `azora run cancel RUN`.',
  ),
  run_ended: conflict('The run has ended and takes nothing any more.', 'Start a new run: `azora run start`.'),
  signal_too_large: tooLarge(
    'The data of the signal is larger than 256 KiB.',
    'Keep it elsewhere, and send its address and digest.',
  ),
  signals_too_many: conflict(
    'The run was sent a thousand signals that no step has taken.',
    'Send it when the run has taken some: `azora run show RUN`.',
  ),
  run_erased: conflict(
    'What the run was asked was erased, so it can’t be asked again.',
    'Start a new run: `azora run start`.',
  ),
  step_not_found: missing('The run has proposed no such step.', 'See its steps: `azora run show RUN`.'),
  step_compensated: conflict(
    'What would be taken over was undone.',
    'Fork from an earlier step, or start it anew: `azora run retry RUN`.',
  ),
  nothing_failed: conflict(
    'Every step of the run succeeded, so there is none to restart from.',
    'Name one: `azora run restart RUN --from STEP`.',
  ),
  fork_too_deep: conflict(
    'The run is a fork of a fork, and so on, as far as that may go.',
    'Fork the run that it began with, or start it anew: `azora run retry RUN`.',
  ),
  run_without_agent: conflict(
    'The run performs a skill or a plan without an agent.',
    'Leave the version of the agent out.',
  ),
  run_not_paused: conflict(
    'The run goes on, so it can’t be moved to another version.',
    'Pause it first: `azora run pause RUN`.',
  ),
  run_without_budget: conflict(
    'The run has no budget of time, tokens or money that could be set.',
    'Resume it without one; budgets of its agent and tenant are set with `azora limits set`.',
  ),
  run_busy: retry(
    'An action of the run, an answer of its agent, or another move, is still under way.',
    'Try again when it has ended; look at it: `azora run show RUN`.',
  ),
  history_diverges: conflict(
    'The other version would have decided otherwise in what the run has done so far.',
    'Fork the run with that version, or let it end with its own.',
  ),
  illegal_transition: conflict(
    'The run is in a state from which this isn’t possible.',
    'Look at it again: `azora run show RUN`.',
  ),
  transition_without_run: bug('An entry moves a run and names none.'),
  queue_full: other('retry', 429)(
    'Your tenant has as many runs waiting to start as it may have.',
    'Try again after the time in `Retry-After`; see the limits: `azora limits show`.',
  ),
  rate_limited: other('retry', 429)(
    'Your tenant starts runs faster than it may.',
    'Try again after the time in `Retry-After`; see the limits: `azora limits show`.',
  ),
  limits_changed: conflict(
    'Somebody else set the limits since you looked at them.',
    'Look at them again: `azora limits show`.',
  ),
  invalid_input: fix(
    'The input doesn’t fit the schema of the skill or agent.',
    'See what it takes: `azora skill show SKILL` or `azora agent show AGENT`.',
  ),
  invalid_resource: fix(
    'The input names a resource in a form that the law can’t judge.',
    'Name paths absolutely and hosts by their names; `errors` says where.',
  ),
  invalid_secret: fix(
    'The input names a secret in a form that can’t be lent.',
    'Name it as `azora secret list` does; `errors` says where.',
  ),
  input_too_large: fix(
    'The input has more bytes than go on record (6 MiB), or more or deeper values than the law looks at.',
    'Send less of it at one time, or name an artifact: `azora artifact put`.',
  ),
  binding_failed: fix(
    'A step takes its input from an output that isn’t there.',
    'Correct the binding in the agent’s plan.',
  ),
  plan_invalid: fix(
    'The plan isn’t one: a cycle, an unknown step or too many of them.',
    'Correct the agent, or the plan.',
  ),
  children_too_deep: fix(
    'The run has as many runs above it as it may, so it can’t start another one.',
    'Let a run further up start it.',
  ),
  children_too_many: fix('The run has started a hundred runs, as many as it may.', 'Share the work among fewer runs.'),
  actions_exceeded: fix(
    'The run proposed more actions than its budget holds.',
    'Start it with a larger `budget.actions`.',
  ),
  budget_reached: fix(
    'The run, its agent or its tenant has used up a budget that says `fail`.',
    'Give the run more with `--budget`, or raise the other with `azora limits set` or wait for its next period.',
  ),
  budget_currency: fix(
    'An action may cost money in a currency that a budget, which says `fail`, does not hold.',
    'Set the budget in the currency of the action, or use a skill that costs what it holds.',
  ),
  receipt_missing: bug('A verdict has no receipt from the journal.'),
  skill_not_found: missing('There is no such skill, or not in this version.', 'List them: `azora skill list`.'),
  agent_not_found: missing('There is no such agent, or not in this version.', 'List them: `azora agent list`.'),
  agent_failed: fix('The agent threw an error.', 'Read the message, and correct the agent.'),
  agent_protocol: fix(
    'The agent answered with something that is no answer.',
    'Build it with `defineAgent`, and print nothing to standard output.',
  ),
  agent_timeout: fix('The agent took longer to answer than it may.', 'Let it think less in one turn.'),
  agent_input_too_long: fix('What the agent would have to read is too long.', 'Let its actions answer with less.'),
  agent_crashed: retry(
    'The agent’s process ended before it answered.',
    'It is asked again; if it goes on, read the server’s log.',
  ),
  agent_code_changed: conflict(
    'The agent’s code isn’t what was registered under its version.',
    'Restore it, or replay without it: `--without-agent`.',
  ),
  agent_code_gone: conflict(
    'The agent’s code is neither in the catalogue nor kept.',
    'Restore it, or replay without it: `--without-agent`.',
  ),
  not_replayable: conflict(
    'The record of the run doesn’t hold what a replay needs.',
    'Replay a run that was recorded in full.',
  ),
  replay_running: conflict('Other runs are being replayed.', 'Wait until that has ended.'),
  replay_cancelled: cancelled('Whoever asked for the replay went away.', 'Ask again.'),
  replay_timeout: fix('The replay took longer than it may.', 'Replay it without its agent: `--without-agent`.'),
  review_not_found: missing('No review with this id waits.', 'List them: `azora review list`.'),
  review_decided: conflict(
    'The review was decided before, or its run goes on without it.',
    'Look at the run: `azora run show RUN`.',
  ),
  review_expired: conflict('The review waited longer than it may.', 'Start the run again: `azora run retry RUN`.'),
  review_of_other_arguments: conflict(
    'Other arguments wait than the ones that were signed for.',
    'Look at the review again, and decide about what it shows.',
  ),
  approved_before: conflict('The same person approved it before, and it needs others.', 'Ask another reviewer.'),
  not_permitted_to_decide: forbidden(
    'The law doesn’t let this person decide about this action.',
    'Ask somebody who neither asked for it nor changed it.',
  ),
  batch_too_large: fix('The approval covers more similar actions than the law lets one cover.', 'Approve fewer.'),
  amendment_invalid: fix(
    'Only an amendment has an input, and its digest is what is signed.',
    'Decide with `azora review amend`.',
  ),
  migration_empty: fix(
    'A move of a run names nothing to move to.',
    'Name a version of its agent, its skills, or both.',
  ),
  code_not_fetched: retry('A node could not fetch the code of an action.', 'The action is tried again.'),
  code_not_found: missing(
    'The code of this digest is not kept.',
    'Put it back in the catalogue, and start the server again.',
  ),
  artifact_not_found: missing('The run has no artifact with this digest.', 'List them: `azora artifact list RUN`.'),
  upload_not_found: missing(
    'Your tenant has handed over no such file, or its seven days are over.',
    'List them: `azora artifact list`; hand it over again: `azora artifact put`.',
  ),
  uploads_full: conflict(
    'Your tenant has handed over as many files as it may at one time.',
    'Remove what is not needed: `azora artifact list`, `azora artifact remove`; a file is kept for seven days.',
  ),
  transfer_too_slow: other('fix', 408)(
    'Of an artifact, fewer than 512 KiB came within a minute.',
    'Send it again over a faster line, or in parts.',
  ),
  transfer_broken: cancelled('The connection broke before an artifact was whole.', 'Send it again.'),
  artifact_too_large: tooLarge('The artifact is larger than one may be.', 'Keep it in parts.'),
  artifact_mismatch: fix(
    'The bytes are not those of the digest or of the length.',
    'Send exactly what the digest names.',
  ),
  not_performing: forbidden(
    'The node performs nothing for this run at the moment.',
    'Bring artifacts while the action runs.',
  ),
  evidence_incomplete: conflict(
    'Something that the evidence has to hold is not on record.',
    'Register it again, and run it again.',
  ),
  evidence_too_large: fix(
    'The run is larger than a bundle may be.',
    'Verify it in the whole log: `azora audit verify`.',
  ),
  proof_missing: bug('An entry of the bundle was not proved.'),
}
