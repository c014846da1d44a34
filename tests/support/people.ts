import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject, ReviewDecision, ReviewRequest, ReviewView } from '@azora/contracts'
import type { Decider } from '@azora/orchestrator'
import { createSigner, digestOf, type Signer, signStatement } from '@azora/proof'

export interface Person extends Decider {
  signer: Signer
}

export function person(id: string, roles: string[] = ['reviewer']): Person {
  const signer = createSigner(`azora/${id}`, generateKeyPairSync('ed25519').privateKey)
  return { id, tenant: 'default', roles, keys: [signer.verifier.text], signer }
}

export interface DecisionChange {
  batch?: number
  input?: JsonObject
  at?: string
  actionDigest?: string
}

/** What a person sends to decide a review. */
export function decisionOf(
  { id, signer }: Pick<Person, 'id' | 'signer'>,
  { reviewId, actionDigest }: Pick<ReviewView, 'reviewId' | 'actionDigest'>,
  decision: ReviewDecision,
  { input, ...change }: DecisionChange = {},
): ReviewRequest {
  const statement = {
    type: 'azora.review.v1' as const,
    reviewId,
    actionDigest,
    decision,
    decider: id,
    at: new Date().toISOString(),
    ...(input && { inputDigest: digestOf(input) }),
    ...change,
  }
  return { ...signStatement(statement, signer), ...(input && { input }) }
}
