import { conflict, fix, missing } from './entry.ts'

/** Runs that start by the clock. */
export const schedules = {
  schedule_not_found: missing('Your tenant has no schedule with this name.', 'List them: `azora schedule list`.'),
  schedule_exists: conflict(
    'Your tenant has a schedule with this name.',
    'Choose another name, or remove that one first: `azora schedule remove NAME`.',
  ),
  schedules_too_many: conflict(
    'Your tenant has as many schedules as it may have.',
    'Remove those that nobody needs: `azora schedule list`.',
  ),
  schedule_stopped: conflict(
    'Who made the schedule was removed, so it has no rights to run with.',
    'Make a new one, and remove this one: `azora schedule remove NAME`.',
  ),
  cron_invalid: fix(
    'The pattern of times can’t be understood.',
    'Give minute, hour, day of month, month and day of week, such as `0 7 * * 1-5`.',
  ),
  cron_never: fix('The pattern names no time that ever comes.', 'Name a day that exists in the months named.'),
  time_zone_unknown: fix('There is no such time zone.', 'Name one of the IANA database, such as `Europe/Berlin`.'),
}
