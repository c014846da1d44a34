import { AzoraError } from '@azora/base'
import { Binding, type Json, type JsonObject } from '@azora/contracts'

/** The value that a JSON Pointer (RFC 6901) names; undefined when there is none. */
export function valueAt(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined
    else if (value !== null && typeof value === 'object') value = Object.hasOwn(value, name) ? value[name] : undefined
    else return undefined
  }
  return value
}

/**
 * Replaces each binding in a step's input by the value in the output that it names.
 *
 * @param outputOf the output of an earlier step; undefined when it has none
 * @throws AzoraError `binding_failed`
 */
export function bindInput(input: JsonObject, outputOf: (stepId: string) => Json | undefined): JsonObject {
  const resolve = (value: Json): Json => {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(resolve)
    if ('$step' in value) return follow(value)
    return resolveObject(value)
  }
  const resolveObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, resolve(value)]))

  const follow = (value: JsonObject): Json => {
    const binding = Binding.safeParse(value)
    if (!binding.success) throw unbound(`${JSON.stringify(value)} is not a binding`)
    const { $step, $pointer } = binding.data
    const output = outputOf($step)
    const found = output === undefined ? undefined : valueAt(output, $pointer)
    if (found === undefined) throw unbound(`step ${$step} has no output at "${$pointer}"`)
    return found
  }
  return resolveObject(input)
}

/** The steps that an input is bound to. */
export function boundSteps(input: JsonObject): string[] {
  const found = new Set<string>()
  const visit = (value: Json): void => {
    if (value === null || typeof value !== 'object') return
    const binding = '$step' in value ? Binding.safeParse(value) : undefined
    if (binding?.success) found.add(binding.data.$step)
    else Object.values(value).forEach(visit)
  }
  Object.values(input).forEach(visit)
  return [...found]
}

const unbound = (message: string): AzoraError => new AzoraError('fix', 'binding_failed', message)
