import { type Conclusion, defineAgent } from '@azora/sdk'
import { type Findings, findingsOf, known } from './findings.ts'
import { oneLine } from './markdown.ts'
import { outputsOf } from './outputs.ts'
import { cloneIt, Input, lookAtIt, mergeIt, publishIt, SKILLS, testIt } from './proposals.ts'
import { renderReport } from './report.ts'

export default defineAgent({
  agentId: 'repo-steward',
  version: '1.0.0',
  title: 'Repository steward',
  description:
    'Looks after a git repository without a model: runs its tests in a sandbox, finds marks, large files and committed secrets, and publishes a report on a branch of its own.',
  skills: SKILLS,
  input: Input,
  recognize: ({ repository }) => ({ name: nameOf(repository) }),

  reason({ runId, input, pattern, observations }) {
    const findings = findingsOf(observations)
    const { clone, inspect, test, publish, rewrite } = findings
    const { repository } = input
    if (clone.state === 'open') return cloneIt(input)
    if (clone.state === 'missing') return notCloned(repository, clone.why, findings)

    const { directory, head, branch: defaultBranch, empty } = clone.value
    if (inspect.state === 'open' && !empty) return lookAtIt(directory)
    const command = known(inspect)?.test?.command
    if (test.state === 'open' && command) return testIt(input, directory, command)

    const branch = `azora/${runId}`
    const report = renderReport({ runId, repository, name: pattern.name, findings })
    if (publish.state === 'open') return publishIt(input, { directory, base: head, branch, runId, report })
    if (publish.state === 'done' && rewrite.state === 'open') {
      return mergeIt(input, defaultBranch, publish.value.commit)
    }
    return conclusion(findings, { repository, branch, report })
  },
})

/** The last part of a path or URL: `/srv/app.git/` is `app`. */
const nameOf = (repository: string): string =>
  repository
    .replace(/[?#].*$/, '')
    .replace(/(\/\.git|\.git)?\/*$/, '')
    .split('/')
    .at(-1) || repository

function notCloned(repository: string, why: string, findings: Findings): Conclusion {
  const summary = `${oneLine(repository, 300)} could not be cloned: ${oneLine(why, 1000)}`
  return { done: { goal: 'missed', outputs: outputsOf({ repository, branch: '', report: '', findings }), summary } }
}

function conclusion(findings: Findings, about: { repository: string; branch: string; report: string }): Conclusion {
  const { publish } = findings
  const outputs = outputsOf({ ...about, findings })
  if (publish.state !== 'done') {
    const why = publish.state === 'missing' ? publish.why : 'it was not proposed'
    return { done: { goal: 'missed', outputs, summary: `The report could not be published: ${oneLine(why, 1000)}` } }
  }
  const summary = publish.value.pushed
    ? `The report is on the branch ${about.branch}.`
    : `The report was not pushed: ${oneLine(publish.value.reason ?? 'the repository refused it', 1000)}`
  return { done: { goal: 'reached', outputs, summary } }
}
