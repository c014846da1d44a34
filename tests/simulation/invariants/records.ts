import type { Tables } from '../database/tables.ts'
import { type ChildChecks, createChildChecks } from './children.ts'
import { createDependencyChecks, type DependencyChecks } from './dependencies.ts'
import { createFailureChecks } from './failures.ts'
import { createForkChecks } from './forks.ts'
import type { Follower } from './log.ts'
import { createMoveChecks } from './moves.ts'
import { createOrderChecks } from './order.ts'
import { createRetryChecks } from './retries.ts'
import { createReviewChecks, type ReviewChecks } from './reviews.ts'
import { createScheduleChecks, type ScheduleChecks } from './schedules.ts'
import { createStartChecks } from './starts.ts'
import { createUndoingChecks, type UndoingChecks } from './undoing.ts'
import { createVersionChecks, type VersionChecks } from './versions.ts'
import { createWaitChecks, type WaitChecks } from './waits.ts'

/** What is known of the log beside the course of each run. */
export interface Records extends Record<string, Follower> {
  order: Follower
  waits: WaitChecks
  children: ChildChecks
  dependencies: DependencyChecks
  schedules: ScheduleChecks
  forks: Follower
  starts: Follower
  retries: Follower
  undoing: UndoingChecks
  moves: Follower
  versions: VersionChecks
  reviews: ReviewChecks
  failures: Follower
}

/** @param shownMs the latest time that a server has read off its clock, in milliseconds since 1970 */
export const createRecords = (tables: Tables, shownMs: () => number): Records => ({
  order: createOrderChecks(),
  waits: createWaitChecks(shownMs),
  children: createChildChecks(),
  dependencies: createDependencyChecks(),
  schedules: createScheduleChecks(shownMs),
  forks: createForkChecks(tables),
  starts: createStartChecks(shownMs),
  retries: createRetryChecks(shownMs),
  undoing: createUndoingChecks(),
  moves: createMoveChecks(),
  versions: createVersionChecks(tables),
  reviews: createReviewChecks(shownMs),
  failures: createFailureChecks(),
})
