import type { Tables } from '../database/tables.ts'
import { type ChildChecks, createChildChecks } from './children.ts'
import { createDependencyChecks, type DependencyChecks } from './dependencies.ts'
import { createForkChecks } from './forks.ts'
import type { Follower } from './log.ts'
import { createOrderChecks } from './order.ts'
import { createScheduleChecks, type ScheduleChecks } from './schedules.ts'
import { createWaitChecks, type WaitChecks } from './waits.ts'

/** What is known of the log beside the course of each run. */
export interface Records extends Record<string, Follower> {
  order: Follower
  waits: WaitChecks
  children: ChildChecks
  dependencies: DependencyChecks
  schedules: ScheduleChecks
  forks: Follower
}

/** @param shownMs the latest time that a server has read off its clock, in milliseconds since 1970 */
export const createRecords = (tables: Tables, shownMs: () => number): Records => ({
  order: createOrderChecks(),
  waits: createWaitChecks(shownMs),
  children: createChildChecks(),
  dependencies: createDependencyChecks(),
  schedules: createScheduleChecks(shownMs),
  forks: createForkChecks(tables),
})
