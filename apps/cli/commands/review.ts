import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { reviewText } from '../output/review.ts'
import type { AddCommand } from '../shell.ts'
import { addDecisions } from './review-decide.ts'

export const addReview: AddCommand = (parent, shell) => {
  const review = parent
    .command('review')
    .description('decide about actions that wait for people')
    .addHelpText('after', '\nExamples:\n  $ azora review list\n  $ azora review approve REVIEW')
  review
    .command('list')
    .description('list open reviews with the exact arguments')
    .addHelpText('after', '\nExamples:\n  $ azora review list')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).reviews()
        const text = (): string => items.map((item) => reviewText(screen.style, item)).join('\n\n')
        screen.show({ items }, () => (items.length === 0 ? screen.style.quiet('nothing waits for people') : text()))
        return EXIT.ok
      })
    })
  addDecisions(review, shell)
}
