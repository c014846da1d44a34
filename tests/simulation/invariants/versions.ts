import type { AgentManifest, EntryPayload, SkillManifest, Step } from '@azora/contracts'
import type { AgentProcess } from '@azora/orchestrator'
import { canonical } from '@azora/proof'
import { planOf } from '../cast/script.ts'
import { payloadOf, type Stored, type Tables } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower, LogRecord, RunRecord } from './log.ts'
import { takenEntries } from './taken.ts'

/** What a run uses, told by its entries and by what was offered. */
interface Course {
  /** Index of the entry before which its skills were offered. */
  skillsAt: number
  /** Its agent's version from each of these entries on. */
  readonly agent: Array<{ since: number; version: string }>
  /** By step, the version that its plan names. */
  readonly named: Map<string, Step['version']>
  /** By step, the version that was judged first. */
  readonly judged: Map<string, string>
  /** Skills with versions that it has used. */
  readonly used: Set<string>
  readonly plans: Array<EntryPayload<'plan.proposed'>>
}

export interface VersionChecks extends Follower {
  /** A server asks the process of an agent. */
  onAsk(run: string, agent: AgentProcess): void
}

/**
 * A run uses what was offered when it began, to its end; or what was offered when it was moved. Where nothing was ever offered
 * nothing is checked.
 */
export function createVersionChecks({ manifests }: Tables): VersionChecks {
  const offers: Array<{ index: number; payload: EntryPayload<'catalog.offered'> }> = []
  const courses = new Map<string, Course>()
  const offeredAt = (index: number) => offers.findLast((offer) => offer.index < index)?.payload

  /** The version of a skill that a step has to have; undefined where there is none. */
  function expected({ skillsAt, named, judged, used }: Course, stepId: string, skillId: string): string | undefined {
    const before = judged.get(stepId)
    if (before !== undefined) return before
    const offered = offeredAt(skillsAt)?.skills[skillId] ?? []
    const name = named.get(stepId)
    if (name === undefined) return newest(offered)
    return offered.includes(name) || used.has(`${skillId}@${name}`) ? name : undefined
  }

  function begin(scheduled: EntryPayload<'run.scheduled'>, { header: { index } }: Stored, { run }: RunRecord): void {
    const { agentId, agentVersion, plan, forkOf, retryOf } = scheduled.spec
    const course: Course = {
      skillsAt: index,
      agent: [{ since: index, version: agentVersion }],
      named: new Map(),
      judged: new Map(),
      used: new Set(),
      plans: [],
    }
    courses.set(run, course)
    propose(course, plan?.steps ?? [])
    for (const entry of takenEntries(scheduled)) learn(course, entry as Stored)
    // What was taken over is the answer of another run's version.
    course.plans.length = 0
    if (plan) return
    const offered = offeredAt(index)?.agents[agentId] ?? []
    const about = `${run} ${agentVersion}, offered ${offered}`
    must(offered.includes(agentVersion), 'a run begins with a version that is offered', about)
    const source = courses.get(forkOf?.run ?? retryOf ?? '')
    const until = scheduled.takenOver?.index ?? index
    const wanted = source ? source.agent.findLast(({ since }) => since <= until)?.version : newest(offered)
    must(agentVersion === wanted, 'a run begins with the newest version, or with that of its source', about)
  }

  function learn(course: Course, stored: Stored): void {
    const proposed = payloadOf(stored, 'plan.proposed')
    if (proposed) course.plans.push(proposed)
    propose(course, proposed?.plan.steps ?? [])
    propose(course, payloadOf(stored, 'compensation.begun')?.steps.map(({ step }) => step) ?? [])
    const action = payloadOf(stored, 'action.verified')?.action
    if (!action) return
    course.judged.set(action.stepId, action.skillVersion)
    course.used.add(`${action.skillId}@${action.skillVersion}`)
  }

  function judge(course: Course, stored: Stored): void {
    const { run = '' } = stored.header
    const action = payloadOf(stored, 'action.verified')?.action
    if (action) {
      const { stepId, skillId, skillVersion, codeDigest } = action
      const wanted = expected(course, stepId, skillId)
      const about = `${run} ${stepId} uses ${skillId}@${skillVersion} instead of ${wanted}`
      must(skillVersion === wanted, 'a run uses what was offered when it began', about)
      const known = manifests.get(`skill:${skillId}@${skillVersion}`)?.manifest as SkillManifest | undefined
      must(codeDigest === known?.codeDigest, 'a version has the code that was registered', about)
    }
    const invalid = payloadOf(stored, 'action.invalid')
    if (invalid?.error.code !== 'skill_not_found') return
    const wanted = expected(course, invalid.stepId, invalid.skill)
    must(wanted === undefined, 'a run finds what was offered when it began', `${run} ${invalid.stepId} ${wanted}`)
  }

  function move(course: Course, { header: { index, run } }: Stored, to: string, { spec }: RunRecord): void {
    const offered = offeredAt(index)?.agents[spec.agentId] ?? []
    must(offered.includes(to), 'a run moves to a version that is offered', `${run} to ${to}, offered ${offered}`)
    for (const { turn, plan } of course.plans)
      must(isAnswer(to, spec, turn, plan), 'a run moves to a version that answers alike', `${run} ${to} turn ${turn}`)
    course.agent.push({ since: index, version: to })
  }

  return {
    take(stored, { runs }: LogRecord) {
      const { run = '', index } = stored.header
      const offered = payloadOf(stored, 'catalog.offered')
      if (offered) offers.push({ index, payload: offered })
      const record = runs.get(run)
      if (!record || offers.length === 0) return
      const scheduled = payloadOf(stored, 'run.scheduled')
      if (scheduled) return begin(scheduled, stored, record)
      const course = courses.get(run)
      if (!course) return
      judge(course, stored)
      learn(course, stored)
      const moved = payloadOf(stored, 'run.migrated')
      if (moved) move(course, stored, moved.to, record)
      if (payloadOf(stored, 'run.skills_migrated')) course.skillsAt = index
      const said = payloadOf(stored, 'plan.proposed')
      const version = course.agent.at(-1)?.version ?? ''
      const own = !said || record.spec.plan || isAnswer(version, record.spec, said.turn, said.plan)
      must(Boolean(own), 'an agent answers as the version that the run is of', `${run} ${version} turn ${said?.turn}`)
    },
    onAsk(run, { agentId, version, codeDigest }) {
      if (offers.length === 0) return
      const known = manifests.get(`agent:${agentId}@${version}`)?.manifest as AgentManifest | undefined
      must(codeDigest === known?.codeDigest, 'a version has the code that was registered', `${run} ${version}`)
    },
  }
}

const newest = (versions: readonly string[]): string | undefined => versions.toSorted().at(-1)

function propose({ named }: Course, steps: readonly Step[]): void {
  for (const { id, version } of steps) named.set(id, version)
}

/** Whether a version of the agent proposes this in a turn. */
function isAnswer(version: string, { input }: RunRecord['spec'], turn: number, plan: object): boolean {
  const answer = planOf(version, input, turn)
  return answer !== undefined && canonical({ ...answer }) === canonical({ ...plan })
}
