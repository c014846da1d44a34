import { AzoraError } from '@azora/base'

export const invalidFilter = (why: string): AzoraError =>
  new AzoraError('fix', 'scim_filter_invalid', `the filter is not valid: ${why}`)

export const invalidPath = (path: string): AzoraError =>
  new AzoraError('fix', 'scim_path_invalid', `there is no attribute ${path.slice(0, 200)}`)

export const invalidValue = (name: string, why: string): AzoraError =>
  new AzoraError('fix', 'scim_value_invalid', `${name.slice(0, 200)} ${why}`)

export const taken = (what: string): AzoraError =>
  new AzoraError('conflict', 'scim_taken', `${what} belongs to somebody else here`)

export const full = (what: string, most: number): AzoraError =>
  new AzoraError('conflict', 'scim_full', `there are ${most} ${what} already`)

export const noSuch = (what: string): AzoraError =>
  new AzoraError('missing', 'scim_resource_not_found', `there is no such ${what}`)
