import { createInterface } from 'node:readline/promises'
import type { ReviewView } from '@azora/contracts'
import type { Command } from 'commander'
import { CliError, EXIT, usageError } from '../exit.ts'
import { reviewText } from '../output/review.ts'
import type { Screen } from '../output/screen.ts'
import type { AddCommand } from '../shell.ts'

interface DecideOptions {
  comment?: string
  yes?: boolean
  digest?: string
}

const EXAMPLES = {
  approve: `
Examples:
  $ azora review approve REVIEW
  $ azora review approve REVIEW --digest 9f86d0… --comment "agreed with the owner"

The approval holds for the exact arguments that are shown, once. Without a terminal, --digest or --yes is needed.`,
  deny: `
Examples:
  $ azora review deny REVIEW --comment "not on a Friday"`,
}

export const addDecisions: AddCommand = (parent, shell) => {
  for (const decision of ['approve', 'deny'] as const) {
    const command = parent
      .command(decision)
      .argument('<review>', 'id of the review')
      .description(decision === 'approve' ? 'let the action happen' : 'refuse the action')
      .option('--comment <text>', 'goes on record')
    if (decision === 'approve') {
      command
        .option('--digest <sha256>', 'digest of the action that was seen')
        .option('-y, --yes', 'approve without asking')
    }
    command
      .addHelpText('after', EXAMPLES[decision])
      .action(async (reviewId: string, options: DecideOptions, self: Command) => {
        await shell.perform(self, async ({ client, screen }) => {
          const api = await client()
          const review = (await api.reviews()).find((candidate) => candidate.reviewId === reviewId)
          if (!review)
            throw new CliError(EXIT.missing, 'review_not_found', `no open review ${reviewId}`, 'See azora review list.')
          if (decision === 'approve') await confirm(screen, review, options)
          const { comment } = options
          const accepted = await api.decide(reviewId, {
            decision,
            actionDigest: review.actionDigest,
            ...(comment === undefined ? {} : { comment }),
          })
          screen.show(
            accepted,
            () => `${decision === 'approve' ? 'approved' : 'denied'}: ${review.skill} of run ${accepted.runId}`,
          )
          return EXIT.ok
        })
      })
  }
}

/** Nobody approves unseen: the digest is given, a person says yes to what is on screen, or --yes says it beforehand. */
async function confirm(screen: Screen, review: ReviewView, { digest, yes }: DecideOptions): Promise<void> {
  if (digest !== undefined) {
    if (digest === review.actionDigest) return
    throw new CliError(
      EXIT.conflict,
      'digest_mismatch',
      'the review is about another action than the given digest',
      'See azora review list.',
    )
  }
  if (yes) return
  if (!process.stdin.isTTY || !screen.live) {
    throw usageError(
      'an approval needs a person or a digest',
      'Give --digest with the digest of the action that was seen, or --yes.',
    )
  }
  screen.say(reviewText(screen.style, review))
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await prompt.question('approve exactly this? [y/N] ')
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(EXIT.interrupted, 'not_approved', 'nothing was decided')
  } finally {
    prompt.close()
  }
}
