import type { ReviewView } from '@azora/contracts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { reviewText } from '../output/review.ts'
import type { Screen } from '../output/screen.ts'
import { askYes } from '../prompt.ts'

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
  await askYes('approve exactly this?', { code: 'not_approved', message: 'nothing was decided' })
}
