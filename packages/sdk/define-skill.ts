import {
  type ArtifactRef,
  Compensation,
  Cost,
  type Effect,
  Formats,
  ManifestLimits,
  Name,
  ResourcePointers,
  RetryPolicy,
  SecretSlots,
  type SkillManifest,
  Version,
} from '@azora/contracts/authoring'
import { z } from 'zod'

/**
 * A secret that the action has on lease. Brokered, `value` is a placeholder, which the node replaces on the way to the
 * secret's hosts, in its place only; put it there as it is.
 */
export const SkillSecret = z.object({
  name: z.string(),
  mode: z.enum(['brokered', 'environment']),
  value: z.string(),
  /** In the mode `environment`: the variable that holds it too. */
  variable: z.string().optional(),
  /** Where it belongs: a header with its whole value, a parameter of the URL, or the body. */
  place: z.union([
    z.object({ in: z.enum(['header', 'basic']), name: z.string(), value: z.string(), user: z.string().optional() }),
    z.object({ in: z.literal('query'), name: z.string() }),
    z.object({ in: z.literal('body') }),
  ]),
})
export type SkillSecret = z.infer<typeof SkillSecret>

/** What a skill is told about the action that it performs. All of it is the same when the action is performed again. */
export const SkillContext = z.object({
  runId: z.string(),
  stepId: z.string(),
  /** Pass it on to services that honour such keys: it is stable over retries of one action. */
  idempotencyKey: z.string(),
  /** Absolute path of the run's own folder, the only place where a skill may leave files. */
  workspace: z.string(),
  /** Files with the artifacts that the input names, by digest; for {@link SkillTools.artifact}. */
  artifacts: z.record(z.string(), z.string()).optional(),
  /** By the manifest's slots; a slot for which the input names no secret is not there. */
  secrets: z.record(z.string(), SkillSecret).optional(),
})
export type SkillContext = z.infer<typeof SkillContext>

/** What the runner offers beside, to skills that are processes. */
export interface SkillTools {
  /**
   * Adds to what this attempt says it cost; call it also before throwing. What was never said is charged at the declared
   * maximum, and to say more than that fails the action with `cost_exceeded`.
   */
  charge(cost: Cost): void
  /** Absolute path of a file, for reading only, with an artifact that the input names. Throws `artifact_missing`. */
  artifact(reference: ArtifactRef): string
  /**
   * Has a file of the workspace kept as an artifact, up to 256 MiB, when the action succeeds. Answers what the output says in its
   * place, which may be the input of a later step. Don't change the file afterwards. At most 16 of one action.
   *
   * @param file relative to the workspace, or absolute and in it
   * @param name for people; the file's own when absent
   * @throws SkillError `artifact_too_large`
   */
  keep(file: string, name?: string): Promise<ArtifactRef>
}

type Described = Pick<SkillManifest, 'skillId' | 'version' | 'title' | 'description' | 'idempotent' | 'workspace'>

/** A skill as its author writes it. */
export interface SkillSpec<Input extends z.ZodType, Output extends z.ZodType> extends Described {
  input: Input
  output: Output
  effects: [Effect, ...Effect[]]
  /** JSON Pointers (RFC 6901) into the input. What they don't name can't be reached. */
  resources?: z.input<typeof ResourcePointers>
  /** What the values at these JSON Pointers are, so that the gate can read them: `{ '/command': 'shell' }`. */
  formats?: Formats
  limits?: z.input<typeof ManifestLimits>
  /** The secrets that it can use: `{ token: { name: '/secret' } }`. */
  secrets?: z.input<typeof SecretSlots>
  /**
   * `pure` for a function of its input: no effects, no workspace, no resources, and of the language nothing but the language.
   * It starts in about a millisecond.
   */
  driver?: 'pure'
  /** Which errors are worth another attempt, how often and when: `{ attempts: 5, retryable: ['busy'] }`. */
  retry?: z.input<typeof RetryPolicy>
  /** The action that undoes it when the run doesn't succeed; `{ $input: '/a' }` and `{ $output: '/b' }` are values of this one. */
  compensation?: z.input<typeof Compensation>
  /** What one attempt costs at most: `{ tokens: 4_000, money: { currency: 'USD', micros: 60_000 } }`. */
  cost?: Cost
  policies?: string[]
  /** @throws SkillError for failures that are part of the skill's contract */
  run(input: z.output<Input>, context: SkillContext & SkillTools): Promise<z.input<Output>> | z.input<Output>
}

/** A skill as the runner loads it: the default export of a `*.skill.ts` module. */
export interface Skill<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType>
  extends Omit<
      SkillSpec<Input, Output>,
      'resources' | 'formats' | 'limits' | 'secrets' | 'retry' | 'compensation' | 'policies'
    >,
    Pick<SkillManifest, 'resources' | 'formats' | 'limits' | 'secrets' | 'retry' | 'compensation' | 'policies'> {
  readonly kind: 'skill'
}

/**
 * Declares one atomic capability. The input is validated before `run` and the output after it.
 *
 * @throws ZodError when the name, the version, a limit or a pointer is malformed
 * @throws TypeError when a pure skill has effects, a workspace, resources or a cost
 */
export function defineSkill<Input extends z.ZodType, Output extends z.ZodType>(
  spec: SkillSpec<Input, Output>,
): Skill<Input, Output> {
  const { formats: _, secrets: __, retry: ___, compensation: ____, ...rest } = spec
  if (spec.driver === 'pure') refuseEffects(spec)
  return Object.freeze({
    ...rest,
    kind: 'skill',
    skillId: Name.parse(spec.skillId),
    version: Version.parse(spec.version),
    resources: ResourcePointers.parse(spec.resources ?? {}),
    ...(spec.formats && { formats: Formats.parse(spec.formats) }),
    ...(spec.secrets && { secrets: SecretSlots.parse(spec.secrets) }),
    ...(spec.compensation && { compensation: Compensation.parse(spec.compensation) }),
    ...(spec.cost && { cost: Cost.parse(spec.cost) }),
    ...(spec.retry && { retry: RetryPolicy.parse(spec.retry) }),
    limits: ManifestLimits.parse(spec.limits ?? {}),
    policies: spec.policies ?? [],
  })
}

function refuseEffects({
  skillId,
  effects,
  workspace,
  resources = {},
  cost,
}: Pick<SkillSpec<z.ZodType, z.ZodType>, 'skillId' | 'effects' | 'workspace' | 'resources' | 'cost'>): void {
  const isPure =
    effects.every((effect) => effect === 'none') &&
    workspace === 'none' &&
    Object.values(resources).flat().length === 0 &&
    cost === undefined
  if (!isPure) throw new TypeError(`${skillId} is no pure skill: it has effects, a workspace, resources or a cost`)
}
