import type { Clock } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { Journal } from '@azora/journal'
import { type App, type AppDeps, createApp } from './app.ts'
import { keepConventions } from './conventions/conventions.ts'
import { createAnswers } from './idempotency/answers.ts'
import { keepAnswers } from './idempotency/keep-answers.ts'
import { answerInTime } from './in-time.ts'

export interface OpenAppDeps extends AppDeps {
  db: Db
  journal: Pick<Journal, 'trouble'>
  clock: Clock
}

/** HTTP with everything that holds for every route. Hooks of routes wrap what was wrapped before. */
export async function openApp({ db, journal, clock, ...deps }: OpenAppDeps): Promise<App> {
  const app = await createApp(deps)
  keepConventions(app)
  // A repetition gets the first answer, whatever its conditions say by now.
  keepAnswers(app, await createAnswers({ db, clock, log: deps.log }))
  // Around what is kept for repetitions: a request that is answered early goes on.
  answerInTime(app, journal.trouble)
  return app
}
