import { type EntityJson, policyToJson, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { invalid, type Policy } from '../../law/article.ts'
import type { Law } from '../../law/law.ts'
import type { Question } from '../question.ts'
import { conjunctsOf, type Node } from './ast.ts'
import { type Candidates, indexOf } from './candidates.ts'
import { type Essence, extractorOf } from './essence.ts'
import { Generations } from './generations.ts'
import { EVERYTHING, readsOf } from './reads.ts'
import { policySets, schemas } from './slots.ts'
import type { Vocabulary } from './vocabulary.ts'
import { named, responseOf } from './whole.ts'

/** Of policies with the same effect, those that apply to a question and those that could not be evaluated. */
export interface Answer {
  readonly applied: readonly Policy[]
  readonly errors: readonly Policy[]
}

const NONE: Answer = { applied: [], errors: [] }

/** Some policies as Cedar knows them, and what of a question they look at. */
interface Slice {
  readonly key: string
  readonly policies: readonly Policy[]
  readonly extract: (question: Question) => Essence
  readonly needsSchema: boolean
}

/** From so many policies on, preparing a set for them alone takes longer than asking all. */
const MAX_SLICE = 128
const MAX_SLICES = 1_000
const MAX_KEY_CHARACTERS = 1_000

export interface SliceDeps {
  law: Law
  vocabulary: Vocabulary
  effect: Policy['effect']
  /** Answers that Cedar gave, under its key. */
  memo: Generations<Answer>
}

/**
 * Answers questions that fit the schema with Cedar, which is asked about the policies only that may apply or fail, and
 * about the same thing once. Throws `law_invalid` and `gate_error`.
 */
export function createSlicedAnswer({ law, vocabulary, effect, memo }: SliceDeps): (question: Question) => Answer {
  const policies = law.policies.filter((policy) => policy.effect === effect)
  const conjuncts = policies.map(readConjuncts)
  const byRule = new Map(policies.map((policy) => [policy.rule, policy]))
  const slices = new Generations<Slice>(MAX_SLICES)
  const candidatesOf = candidatesByAction(conjuncts, vocabulary)

  const sliceOf = (action: string, places: readonly number[]): Slice => {
    const key = `${effect} ${action} ${places.join()}`
    const known = slices.get(key)
    if (known) return known
    const isWhole = places.length > MAX_SLICE
    const reads = isWhole ? EVERYTHING : readsOf(places.flatMap((place) => conjuncts[place] ?? []))
    const slice: Slice = {
      key,
      policies: isWhole ? policies : policies.filter((_, place) => places.includes(place)),
      extract: extractorOf(reads, actionEntity(action, vocabulary)),
      needsSchema: reads.everything,
    }
    slices.set(key, slice)
    return slice
  }

  return (question) => {
    const places = candidatesOf.get(question.action.id)?.(question) ?? []
    if (places.length === 0) return NONE
    const slice = sliceOf(question.action.id, places)
    const essence = slice.extract(question)
    const key = slice.key + essence.key
    const known = memo.get(key)
    if (known) return known
    const answer = named(responseOf(statefulIsAuthorized(callOf(question, essence, slice, law))), byRule)
    if (key.length <= MAX_KEY_CHARACTERS) memo.set(key, answer)
    return answer
  }
}

/** The schema adds the groups of the action only, which the essence holds where they matter. */
function callOf(
  { principal, action, resource }: Question,
  { context, entities }: Essence,
  { policies, needsSchema }: Slice,
  { digest, schema }: Law,
) {
  const rules = policies.map(({ rule }) => rule).join()
  return {
    principal,
    action,
    resource,
    context,
    entities,
    ...(needsSchema && { preparsedSchemaName: schemas.nameOf(digest, () => schema) }),
    preparsedPolicySetId: policySets.nameOf(`${digest} ${rules}`, () => policies),
    validateRequest: false,
  }
}

function readConjuncts({ rule, text }: Policy): Node[] {
  const answer = policyToJson(text)
  if (answer.type === 'success') return conjunctsOf(answer.json)
  throw invalid(`${rule}: ${answer.errors.map(({ message }) => message).join('; ')}`)
}

function candidatesByAction(
  conjuncts: ReadonlyArray<readonly Node[]>,
  vocabulary: Vocabulary,
): Map<string, Candidates> {
  const policies = conjuncts.map((nodes, place) => ({ place, conjuncts: nodes }))
  return new Map(
    [...vocabulary.actions].map(([actionId, action]) => [
      actionId,
      indexOf(policies, { vocabulary, actionId, action, principals: action.principals, resources: action.resources }),
    ]),
  )
}

const actionEntity = (id: string, { actions }: Vocabulary): EntityJson => ({
  uid: { type: 'Action', id },
  attrs: {},
  parents: [...(actions.get(id)?.groups ?? [])]
    .filter((group) => group !== id)
    .map((group) => ({ type: 'Action', id: group })),
})
