import type { JsonObject, ReviewDecision, ReviewRequest, ReviewView } from '@azora/contracts'
import { digestOf, signStatement } from '@azora/proof'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import { countOf, jsonInput, reviewIdOf } from '../inputs.ts'
import { plural } from '../output/text.ts'
import type { Session } from '../session.ts'
import type { AddCommand } from '../shell.ts'
import type { SigningIdentity } from '../signing.ts'
import { confirmApproval } from './review-confirm.ts'

interface DecideOptions {
  comment?: string
  yes?: boolean
  digest?: string
  batch?: string
  input?: string
}

const EXAMPLES: Record<ReviewDecision, string> = {
  approve: `
Examples:
  $ azora review approve REVIEW
  $ azora review approve REVIEW --digest 9f86d0… --comment "agreed with the owner"
  $ azora review approve REVIEW --batch 10
  $ azora review approve REVIEW OTHER -y

The approval holds for the exact arguments that are shown, once; with --batch also for the next actions of the run that
are like it. Without a terminal, --digest or --yes is needed.`,
  deny: `
Examples:
  $ azora review deny REVIEW --comment "not on a Friday"`,
  amend: `
Examples:
  $ azora review amend REVIEW --input '{"path": "notes.md", "content": "shorter"}'
  $ azora review amend REVIEW --input @input.json

Other arguments are a new action: it is judged from the start, and whoever changed them may not approve it.`,
}

const DONE: Record<ReviewDecision, string> = { approve: 'approved', deny: 'denied', amend: 'amended' }
const MEANING: Record<ReviewDecision, string> = {
  approve: 'let the action happen',
  deny: 'refuse the action',
  amend: 'put other arguments in the place of the proposed ones',
}
const BATCH_MAX = 1_000

export const addDecisions: AddCommand = (parent, shell) => {
  for (const decision of ['approve', 'deny', 'amend'] as const) {
    const command = parent
      .command(decision)
      .argument('<review...>', 'ids of the reviews')
      .description(MEANING[decision])
      .option('--comment <text>', 'goes on record')
    if (decision === 'approve')
      command
        .option('--digest <sha256>', 'digest of the action that was seen')
        .option('--batch <n>', 'similar actions of the run that are approved beside it')
        .option('-y, --yes', 'approve without asking')
    if (decision === 'amend') command.requiredOption('--input <json>', 'the new input as a JSON object, or @file')
    command
      .addHelpText('after', EXAMPLES[decision])
      .action(async (ids: string[], options: DecideOptions, self: Command) => {
        await shell.perform(self, async (session) => {
          if (ids.length > 1 && (options.digest !== undefined || decision === 'amend'))
            throw usageError('this is about one review at a time')
          for (const id of ids) reviewIdOf(id)
          const terms = await termsOf(options)
          const decided: Array<Awaited<ReturnType<typeof decideOne>>> = []
          for (const id of ids) decided.push(await decideOne(session, id, decision, options, terms))
          const [only, ...others] = decided.map(({ accepted }) => accepted)
          session.screen.show(others.length === 0 ? only : { items: [only, ...others] }, () =>
            decided.map(({ text }) => text).join('\n'),
          )
          return EXIT.ok
        })
      })
  }
}

/** What goes with the decision, found to be in order before anybody is asked. */
interface Terms {
  comment?: string
  batch?: number
  input?: JsonObject
}

async function termsOf({ comment, batch, input }: DecideOptions): Promise<Terms> {
  return {
    ...(comment !== undefined && { comment }),
    ...(batch !== undefined && { batch: countOf(batch, '--batch', BATCH_MAX, 1) }),
    ...(input !== undefined && { input: await jsonInput(input) }),
  }
}

async function decideOne(
  { client, screen, signer }: Session,
  id: string,
  decision: ReviewDecision,
  options: DecideOptions,
  terms: Terms,
) {
  const api = await client()
  const review = await api.review(id)
  const identity = await signer()
  if (decision === 'approve') await confirmApproval(screen, review, options)
  const accepted = await api.decide(id, signed(identity, review, decision, terms))
  const held = accepted.state === 'paused' ? '; the run is paused: it holds when it is resumed' : ''
  const text = `${DONE[decision]}: ${review.skill} of run ${accepted.runId}${whatIsMissing(review, decision)}${held}`
  return { accepted, text }
}

function signed(
  { principal, signer }: SigningIdentity,
  { reviewId, actionDigest }: ReviewView,
  decision: ReviewDecision,
  { comment, batch, input }: Terms,
): ReviewRequest {
  const statement = {
    type: 'azora.review.v1' as const,
    reviewId,
    actionDigest,
    decision,
    decider: principal,
    at: new Date().toISOString(),
    ...(comment === undefined ? {} : { comment }),
    ...(batch === undefined ? {} : { batch }),
    ...(input === undefined ? {} : { inputDigest: digestOf(input) }),
  }
  return { ...signStatement(statement, signer), ...(input === undefined ? {} : { input }) }
}

/** Whether others have to approve too. */
function whatIsMissing({ terms, approvedBy }: ReviewView, decision: ReviewDecision): string {
  const missing = (terms?.quorum ?? 1) - approvedBy.length - 1
  return decision === 'approve' && missing > 0 ? `; it needs ${plural(missing, 'more person', 'more people')}` : ''
}
