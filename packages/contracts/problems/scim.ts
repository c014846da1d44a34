import { conflict, fix, missing, other, tooLarge } from './entry.ts'

/** Provisioning of people by SCIM (RFC 7644). */
export const scim = {
  scim_filter_invalid: fix(
    'A filter isn’t one of RFC 7644, names what isn’t kept, compares what can’t be compared, or is too long or deep.',
    'See `/scim/v2/Schemas` for the attributes.',
  ),
  scim_path_invalid: fix(
    'The path of a change, or of what to sort by, names no attribute that is kept.',
    'See `/scim/v2/Schemas` for the attributes.',
  ),
  scim_no_target: fix('The path of a change selects nothing.', 'Name a value that is there, or add it.'),
  scim_value_invalid: fix(
    'A value can’t be kept: it is missing, of another type, too long, or names a member that isn’t there.',
    'Correct it; the message names the attribute.',
  ),
  scim_read_only: fix('A change is about what only Azora sets.', 'Leave it out.'),
  scim_syntax_invalid: fix('A message of SCIM isn’t built as RFC 7644 says.', 'Correct it; the message says what.'),
  scim_taken: conflict(
    'The user name, group name or address belongs to somebody else here, such as a principal that the owner has added.',
    'Choose another, or remove that one first: `azora identity list`.',
  ),
  scim_full: conflict('As many users, groups or members are kept as there may be.', 'Remove some first.'),
  scim_version_conflict: other('conflict', 412)(
    'The resource has changed since the version that the request names.',
    'Read it again, and repeat the change on what you get.',
  ),
  scim_circular: conflict('Operations of a bulk request wait for each other.', 'Make the resources first.'),
  scim_bulk_too_large: tooLarge('A bulk request has more operations than are taken at once.', 'Send fewer.'),
  scim_resource_not_found: missing('There is no such user, group, type or schema.', 'List what there is.'),
  scim_group_not_found: missing('The provider has sent no such group.', 'List them: `azora scim status`.'),
  scim_token_missing: missing('There is no token of the identity provider.', 'Make one: `azora scim token`.'),
}

/** What SCIM calls an error (RFC 7644, table 9), by our code. */
export const SCIM_TYPES: Readonly<Record<string, string>> = {
  scim_filter_invalid: 'invalidFilter',
  scim_path_invalid: 'invalidPath',
  scim_no_target: 'noTarget',
  scim_value_invalid: 'invalidValue',
  scim_read_only: 'mutability',
  scim_syntax_invalid: 'invalidSyntax',
  scim_taken: 'uniqueness',
  invalid_request: 'invalidSyntax',
  json_invalid: 'invalidSyntax',
  json_duplicate_key: 'invalidSyntax',
  json_number_out_of_range: 'invalidSyntax',
  json_too_deep: 'invalidSyntax',
}
