import type { Json, PrincipalId } from '@azora/contracts'

/** A run that is about to hand over its final output. */
export interface OutputRequest {
  runId: string
  tenant: string
  principal: PrincipalId
  outputs: Json
}
