import { toAzoraError } from '@azora/base'
import { problemOf, SCIM_TYPES, SCIM_URN, type ScimError } from '@azora/contracts'

/** Anything thrown as SCIM says it (RFC 7644, section 3.12). Bugs keep their message to the log. */
export function scimErrorOf(thrown: unknown): ScimError {
  const { advice, code, message, remedy } = toAzoraError(thrown)
  const entry = problemOf(code)
  const scimType = SCIM_TYPES[code]
  const said = [message, remedy ?? entry?.remedy].filter((text) => text !== undefined).join('. ')
  return {
    schemas: [SCIM_URN.error],
    status: String(entry?.status ?? 500),
    ...(scimType !== undefined && { scimType }),
    detail: advice === 'bug' ? 'Something went wrong on our side; the log has the details.' : said,
  }
}
