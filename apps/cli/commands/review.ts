import { ListReviewsQuery } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { reviewIdOf, runIdOf } from '../inputs.ts'
import { reviewText } from '../output/review.ts'
import { type PageOptions, pageQuery, withNext, withPageOptions } from '../pages.ts'
import type { AddCommand } from '../shell.ts'
import { addDecisions } from './review-decide.ts'

interface ListOptions extends PageOptions {
  agent?: string
  run?: string
}

const LIST_EXAMPLES = `
Examples:
  $ azora review list
  $ azora review list --order oldest --limit 5
  $ azora review list --agent repo-steward --until 12h
  $ azora review list --json | jq -r '.items[].reviewId'`

export const addReview: AddCommand = (parent, shell) => {
  const review = parent
    .command('review')
    .description('decide about actions that wait for people')
    .addHelpText('after', '\nExamples:\n  $ azora review list\n  $ azora review approve REVIEW')
  addList(review, shell)
  review
    .command('show')
    .argument('<review>', 'id of the review')
    .description('show an open review with its exact arguments')
    .addHelpText('after', '\nExamples:\n  $ azora review show REVIEW')
    .action(async (id: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const reviewId = reviewIdOf(id)
        const shown = await (await client()).review(reviewId)
        screen.show(shown, () => reviewText(screen.style, shown))
        return EXIT.ok
      })
    })
  addDecisions(review, shell)
}

const addList: AddCommand = (parent, shell) => {
  const command = parent
    .command('list')
    .description('list open reviews with the exact arguments')
    .option('--agent <agent>', 'only reviews of runs of this agent')
    .option('--run <run>', 'only reviews of this run')
  withPageOptions(command, { things: 'reviews', done: 'asked for', by: 'by when they were asked for' })
    .addHelpText('after', LIST_EXAMPLES)
    .action(async ({ agent, run, ...options }: ListOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const query = {
          ...pageQuery(options, ListReviewsQuery.shape.cursor, Date.now()),
          ...(agent === undefined ? {} : { agentId: agent }),
          ...(run === undefined ? {} : { runId: runIdOf(run) }),
        }
        const page = await (await client()).reviews(query)
        const { style } = screen
        const text = (): string => page.items.map((item) => reviewText(style, item)).join('\n\n')
        screen.show(page, () =>
          page.items.length === 0
            ? style.quiet('nothing waits for people')
            : withNext(style, text(), page.next, '\n\n'),
        )
        return EXIT.ok
      })
    })
}
