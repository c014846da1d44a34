import { edit, type Plant } from './plant.ts'

/** Bugs in what people are asked, and in what they do to servers. */
export const PLANTS_OF_PEOPLE: readonly Plant[] = [
  {
    name: 'two people decide a review at one time, and both count',
    isRare: true,
    edits: [edit('orchestrator/reviews/decide.ts', '    key: voteKey(', '    note: voteKey(')],
  },
  {
    name: 'what may be on its way is repeated at once',
    edits: [edit('orchestrator/deciding/repeatable.ts', 'Date.parse(review.requestedAt) + NODE_LOST_MS', '0')],
  },
  {
    name: 'a review ends before its time',
    isRare: true,
    edits: [
      edit(
        'orchestrator/fold/review-fold.ts',
        'nowMs >= Date.parse(review.expiresAt)',
        'nowMs + 300_000 >= Date.parse(review.expiresAt)',
      ),
    ],
  },
  {
    name: 'nobody is woken when a review ends',
    edits: [
      edit('orchestrator/deciding/due.ts', '    if (review && !review.decision) consider(review.expiresAt)\n', ''),
    ],
  },
  {
    name: 'a cancel does not reach what is under way',
    edits: [edit('execution/dispatch/link.ts', "if (isOpen()) post({ type: 'cancel', id: request.id })", '')],
  },
  {
    name: 'a server never notices that it was replaced',
    edits: [edit('journal/fence-watch.ts', 'if (now && now.epoch !== epoch) onTaken()', 'if (false) {}')],
  },
]
