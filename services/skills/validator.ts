import { AzoraError } from '@azora/base'
import type { JsonObject } from '@azora/contracts'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const COMPILED_MAX = 1_000
const ERRORS_SHOWN = 10

/** Checks inputs against JSON Schema 2020-12. */
export interface InputValidator {
  /**
   * @param name identifies the schema, such as `git.clone@1.0.0`; its compiled form is kept
   * @throws AzoraError `invalid_input` with a pointer for each fault
   */
  check(name: string, schema: JsonObject, input: JsonObject): void
}

export function createInputValidator(): InputValidator {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, addUsedSchema: false })
  const compiled = new Map<string, ValidateFunction>()
  const validatorOf = (name: string, schema: JsonObject): ValidateFunction => {
    const known = compiled.get(name)
    if (known) return known
    if (compiled.size >= COMPILED_MAX) compiled.clear()
    const fresh = ajv.compile(schema)
    compiled.set(name, fresh)
    return fresh
  }
  return {
    check(name, schema, input) {
      const validate = validatorOf(name, schema)
      if (validate(input)) return
      const details = (validate.errors ?? []).slice(0, ERRORS_SHOWN).map((error) => ({
        pointer: error.instancePath,
        message:
          error.keyword === 'additionalProperties'
            ? `${error.message}: ${error.params.additionalProperty}`
            : (error.message ?? 'is invalid'),
      }))
      const list = details.map(({ pointer, message }) => `${pointer || 'input'} ${message}`).join('; ')
      throw new AzoraError('fix', 'invalid_input', `the input of ${name} is not valid: ${list}`, { details })
    },
  }
}
