import type { Reason, VerificationRequest, VerificationResult } from '@azora/contracts'
import { type Detector, type Fact, findFacts } from '../detectors/detector.ts'
import { messageOf } from '../facts/text.ts'
import type { Law } from '../law/law.ts'
import type { OutputRequest } from '../request.ts'
import { createJudge } from './judge.ts'
import { actionQuestion, outputQuestion, type Question } from './question.ts'
import { gateReason, reasonsFrom } from './reasons.ts'
import { ruling } from './score.ts'

/** Judges synchronously, as a pure function of the law and the request. Never throws. */
export interface Gate {
  verify(request: VerificationRequest): VerificationResult
  verifyOutput(request: OutputRequest): VerificationResult
}

export interface GateDeps {
  law: Law
  actionDetectors: ReadonlyArray<Detector<VerificationRequest>>
  outputDetectors: ReadonlyArray<Detector<OutputRequest>>
}

/** Throws `law_invalid` when Cedar doesn't take the law. */
export function createGate({ law, actionDetectors, outputDetectors }: GateDeps): Gate {
  const judge = createJudge(law)

  function decide<Request>(
    request: Request,
    detectors: ReadonlyArray<Detector<Request>>,
    ask: (request: Request, facts: readonly Fact[]) => Question,
  ): VerificationResult {
    try {
      const facts = findFacts(detectors, request)
      const question = ask(request, facts)
      const reasons = reasonsFrom(facts, judge(question), question)
      return { ...ruling(reasons, law.thresholds), reasons, constitution: law.digest }
    } catch (thrown) {
      return denied(law.digest, gateError(thrown))
    }
  }
  return {
    verify: (request) => decide(request, actionDetectors, actionQuestion),
    verifyOutput: (request) => decide(request, outputDetectors, outputQuestion),
  }
}

/** The gate of a law that can't be applied: it denies everything. */
export function createShutGate(digest: string, problem: string): Gate {
  const remedy = 'Restore or correct the constitution, then start again.'
  const deny = () =>
    denied(digest, gateReason('constitution_unavailable', 'There is no valid constitution.', problem, remedy))
  return { verify: deny, verifyOutput: deny }
}

const gateError = (thrown: unknown): Reason =>
  gateReason(
    'gate_error',
    'The request could not be judged.',
    messageOf(thrown),
    'Correct the request; if it is right, report a bug.',
  )

const denied = (constitution: string, reason: Reason): VerificationResult => ({
  ...ruling([reason], { allow: 100, review: 100 }),
  reasons: [reason],
  constitution,
})
