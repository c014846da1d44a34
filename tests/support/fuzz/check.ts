import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { OpenApiDocument, OpenApiOperation } from '../../../apps/server/http/openapi/document.ts'
import type { FuzzRequest } from './request.ts'
import type { FuzzAnswer } from './send.ts'

/** What an answer breaks of the document; undefined when it keeps it. */
export type Check = (
  operation: OpenApiOperation,
  answer: FuzzAnswer,
  asked: Pick<FuzzRequest, 'path'>,
) => string | undefined

export function checkAgainst(document: OpenApiDocument): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  const compiled = new Map<object, ValidateFunction>()
  const validatorOf = (schema: object): ValidateFunction => {
    const found = compiled.get(schema) ?? ajv.compile({ ...schema, components: document.components })
    compiled.set(schema, found)
    return found
  }
  return ({ responses }, { status, type, body, isWhole }, { path }) => {
    if (status >= 500 && status !== 503) return `answers ${status}`
    const described = responses[status]
    if (!described) return `answers ${status}, which isn't documented`
    const { content } = described
    if (!content) return body.length > 0 ? `answers ${status} with a body that isn't documented` : undefined
    const media = type?.split(';')[0]?.trim() ?? 'nothing'
    const expected = content[media]
    if (!expected) return `answers ${status} as ${media}, which isn't documented`
    if (media === 'text/event-stream') return eventsFlaw(body.toString(), expected['x-item-schema'], validatorOf)
    if (!media.endsWith('json') || !isWhole) return undefined
    // The schema is that of all of it.
    if (status === 200 && /[?&]fields=/.test(path)) return jsonFlaw(body.toString(), {}, validatorOf)
    return jsonFlaw(body.toString(), expected.schema, validatorOf)
  }
}

function jsonFlaw(text: string, schema: object, validatorOf: (schema: object) => ValidateFunction): string | undefined {
  const validate = validatorOf(schema)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'answers with something that is no JSON'
  }
  if (validate(value)) return undefined
  const [error] = validate.errors ?? []
  return `breaks its schema at ${error?.instancePath || '/'}: ${error?.message} ${JSON.stringify(error?.params)}`
}

/** The events that came as a whole. */
function eventsFlaw(
  text: string,
  schema: object | undefined,
  validatorOf: (schema: object) => ValidateFunction,
): string | undefined {
  const whole = text.split('\n\n').slice(0, -1)
  for (const event of whole) {
    if (/^event: end$/m.test(event)) continue
    const data = /^data: (.*)$/m.exec(event)?.[1]
    const flaw = data === undefined || !schema ? undefined : jsonFlaw(data, schema, validatorOf)
    if (flaw) return `an event ${flaw}`
  }
  return undefined
}
