import {
  type AgentManifest,
  type Compensation,
  type Json,
  Name,
  type Observation,
  type RetryPolicy,
  type Step,
  Version,
} from '@azora/contracts/authoring'
import { z } from 'zod'

/** A step as an agent proposes it; its skill is one of those that the agent declares. */
export type ProposedStep<Skill extends string = string> = Pick<Step, 'id'> &
  Partial<Pick<Step, 'version' | 'input' | 'after' | 'reason'>> & {
    /** One of those that the agent declares, or a wait: `{ until }` or `{ ms }`, `{ name }` of a signal. */
    skill: Skill | 'wait.timer' | 'wait.signal'
    /** Goes before the policy that the skill declares. */
    retry?: z.input<typeof RetryPolicy>
    /** What undoes it when the run doesn't succeed. */
    compensation?: z.input<typeof Compensation>
  }

/** Steps to take next. The agent is asked again when all of them have ended. */
export interface Proposal<Skill extends string = string> {
  steps: [ProposedStep<Skill>, ...ProposedStep<Skill>[]]
  /** What the agent is thinking, for people; at most 2000 characters. */
  note?: string
}

/** The end of the run. */
export interface Conclusion {
  done: {
    goal: 'reached' | 'missed'
    outputs: Json
    /** For people; at most 4000 characters. */
    summary?: string
  }
}

export type Answer<Skill extends string = string> = Proposal<Skill> | Conclusion

/** Everything that a turn may depend on. */
export interface Turn<Input, Pattern> {
  runId: string
  input: Input
  /** What `recognize` returned. */
  pattern: Pattern
  /** 0 for the first turn. */
  turn: number
  /** Every step of the run so far, in the order of the plans. */
  observations: readonly Observation[]
}

type Described = Pick<AgentManifest, 'agentId' | 'version' | 'title' | 'description'>

/** An agent as its author writes it. */
export interface AgentSpec<Input extends z.ZodType, Pattern extends Json, Skill extends string> extends Described {
  /** The only skills that it may propose. */
  skills: readonly Skill[]
  input: Input
  /** Called once, before the first turn: what is this about? */
  recognize(input: z.output<Input>): Promise<Pattern> | Pattern
  /**
   * Called once per turn: what next? It must be a pure function of its argument: after a crash the turn is asked again,
   * possibly of another process.
   */
  reason(turn: Turn<z.output<Input>, Pattern>): Promise<Answer<NoInfer<Skill>>> | Answer<NoInfer<Skill>>
}

/** An agent as the runner loads it: the default export of a `*.agent.ts` module. */
export interface Agent<Input extends z.ZodType = z.ZodType, Pattern extends Json = Json, Skill extends string = string>
  extends AgentSpec<Input, Pattern, Skill> {
  readonly kind: 'agent'
}

/**
 * Declares an agent. It proposes and never acts; its process has neither files nor network.
 *
 * @throws ZodError when a name or the version is malformed
 */
export function defineAgent<Input extends z.ZodType, Pattern extends Json, const Skill extends string>(
  spec: AgentSpec<Input, Pattern, Skill>,
): Agent<Input, Pattern, Skill> {
  z.array(Name).parse(spec.skills)
  return Object.freeze({
    ...spec,
    kind: 'agent',
    agentId: Name.parse(spec.agentId),
    version: Version.parse(spec.version),
  })
}
