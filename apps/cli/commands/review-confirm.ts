import { createInterface } from 'node:readline/promises'
import type { ReviewView } from '@azora/contracts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { reviewText } from '../output/review.ts'
import type { Screen } from '../output/screen.ts'

/** Nobody approves unseen: the digest is given, a person says yes to what is on screen, or --yes says it beforehand. */
export async function confirmApproval(
  screen: Screen,
  review: ReviewView,
  { digest, yes }: { digest?: string; yes?: boolean },
): Promise<void> {
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
