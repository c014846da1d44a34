import type { Reason, Taint, VerificationRequest, VerificationResult } from '@azora/contracts'
import { type Detector, findFacts } from '../detectors/detector.ts'
import type { Detectors } from '../detectors/list.ts'
import { readDocument } from '../facts/subject.ts'
import { messageOf } from '../facts/text.ts'
import type { Law } from '../law/law.ts'
import type { DecisionRequest, Observation, OutputRequest, PlanRequest } from '../request.ts'
import { createJudge } from './judge.ts'
import { remembering } from './memory.ts'
import { actionQuestion, outputQuestion, planQuestion, type Question } from './question.ts'
import { factReasons, gateReason, reasonsFrom } from './reasons.ts'
import { type Permit, permitFor, termsFor } from './reviews.ts'
import { ruling } from './score.ts'
import { taintsOf } from './taints.ts'

/** Judges synchronously, as a pure function of the law and the request. Never throws. */
export interface Gate {
  verify(request: VerificationRequest): VerificationResult
  verifyOutput(request: OutputRequest): VerificationResult
  /** Judges a plan as a whole before its first step; each of its actions is judged by itself later. */
  verifyPlan(request: PlanRequest): VerificationResult
  /** Whether a person may decide about an action that waits for people. */
  mayDecide(request: DecisionRequest): Permit
  /** What the run has taken in with an observation. */
  inspect(observation: Observation): Inspection
}

export interface Inspection {
  taints: Taint[]
  reasons: Reason[]
}

export interface GateDeps {
  law: Law
  detectors: Detectors
}

/** Throws `law_invalid` when Cedar doesn't take the law. */
export function createGate({ law, detectors }: GateDeps): Gate {
  const judge = createJudge(law)

  function decide<Subject>(
    read: () => Subject,
    all: ReadonlyArray<Detector<Subject>>,
    ask: (subject: Subject, findings: string[]) => Question,
  ): VerificationResult {
    try {
      const subject = read()
      const facts = findFacts(all, subject)
      const question = ask(
        subject,
        facts.map(({ rule }) => rule),
      )
      const judgement = judge(question)
      const reasons = reasonsFrom(facts, judgement, question)
      const ruled = ruling(reasons, law.thresholds)
      return { ...ruled, reasons, constitution: law.digest, ...termsFor(ruled, judgement, law) }
    } catch (thrown) {
      return denied(law.digest, gateError(thrown))
    }
  }

  const verify = (request: VerificationRequest): VerificationResult =>
    decide(
      () => ({ ...request, ...readDocument(request.action.input, request.action.formats) }),
      detectors.action,
      actionQuestion,
    )
  const verifyOutput = (request: OutputRequest): VerificationResult =>
    decide(() => ({ ...request, ...readDocument(request.outputs) }), detectors.output, outputQuestion)
  const verifyPlan = (request: PlanRequest): VerificationResult => decide(() => request, detectors.plan, planQuestion)

  function inspect(observation: Observation): Inspection {
    try {
      const facts = findFacts(detectors.observation, { ...observation, ...readDocument(observation.output) })
      return { taints: taintsOf(observation, facts), reasons: factReasons(facts) }
    } catch (thrown) {
      // What can't be read can't be trusted either.
      return { taints: ['untrusted_content'], reasons: [gateError(thrown)] }
    }
  }

  // To the law a run is known by what it does: only an article that names one could tell runs apart.
  const namesRuns = law.policies.some(({ text }) => RUN_BY_NAME.test(text))
  const withoutRun = <Asked extends { runId: string }>({ runId: _, ...asked }: Asked): object | undefined =>
    namesRuns ? undefined : asked
  return {
    verify: remembering(verify, wordsOfAction, lasts),
    verifyOutput: remembering(verifyOutput, withoutRun, lasts),
    verifyPlan: remembering(verifyPlan, withoutRun, lasts),
    mayDecide: (request) => permitFor(judge, request),
    inspect: remembering(inspect, (observation) => observation, lasts),
  }
}

/** Outputs and plans are entities under their run's id. */
const RUN_BY_NAME = /\b(?:Output|Plan)\s*::\s*"/

/** An action is judged whichever run and step it belongs to. */
function wordsOfAction({ action: { runId: _run, stepId: _step, ...action }, ...rest }: VerificationRequest): object {
  return { action, ...rest }
}

/** An error may be of the moment. */
const lasts = ({ reasons }: { reasons: readonly Reason[] }): boolean =>
  reasons.every(({ rule }) => rule !== 'gate_error')

/** The gate of a law that can't be applied: it denies everything. */
export function createShutGate(digest: string, problem: string): Gate {
  const remedy = 'Restore or correct the constitution, then activate it.'
  const reason = (): Reason =>
    gateReason('constitution_unavailable', 'There is no valid constitution.', problem, remedy)
  const deny = () => denied(digest, reason())
  return {
    verify: deny,
    verifyOutput: deny,
    verifyPlan: deny,
    mayDecide: () => ({ allowed: false, reasons: [reason()] }),
    inspect: () => ({ taints: ['untrusted_content'], reasons: [reason()] }),
  }
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
