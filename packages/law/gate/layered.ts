import type { VerificationResult } from '@azora/contracts'
import type { Detectors } from '../detectors/list.ts'
import type { Law } from '../law/law.ts'
import { type Circle, holdsFor, type Layer, layered } from '../law/layer.ts'
import { createGate, type Gate } from './gate.ts'

export interface LayeredGateDeps {
  law: Law
  layers: readonly Layer[]
  environment?: string | undefined
  detectors: Detectors
}

/** Each set of layers is a law of its own; there are never more than tenants differ. */
const LAWS_MAX = 64

/** A gate that judges each tenant by the law with the layers that hold for it. Throws `law_invalid`. */
export function createLayeredGate({ law, layers, environment, detectors }: LayeredGateDeps): Gate {
  const plain = createGate({ law, detectors })
  if (layers.length === 0) return plain
  const gates = new Map<string, Gate>()

  const named = (result: VerificationResult, names: string[]): VerificationResult => ({
    ...result,
    constitution: law.digest,
    layers: names,
  })

  function gateFor(circle: Circle): Gate {
    const own = layers.filter((layer) => holdsFor(layer, circle))
    if (own.length === 0) return plain
    const names = own.map(({ name }) => name)
    const known = gates.get(names.join())
    if (known) return known
    if (gates.size >= LAWS_MAX) gates.clear()
    const inner = createGate({ law: layered(law, own), detectors })
    const gate: Gate = {
      verify: (request) => named(inner.verify(request), names),
      verifyOutput: (request) => named(inner.verifyOutput(request), names),
      verifyPlan: (request) => named(inner.verifyPlan(request), names),
      mayDecide: (request) => inner.mayDecide(request),
      inspect: (observation) => inner.inspect(observation),
    }
    gates.set(names.join(), gate)
    return gate
  }

  return {
    verify: (request) => gateFor({ tenant: request.action.tenant, environment }).verify(request),
    verifyOutput: (request) => gateFor({ tenant: request.tenant, environment }).verifyOutput(request),
    verifyPlan: (request) => gateFor({ tenant: request.tenant, environment }).verifyPlan(request),
    mayDecide: (request) => gateFor({ tenant: request.decider.tenant, environment }).mayDecide(request),
    inspect: (observation) => plain.inspect(observation),
  }
}
