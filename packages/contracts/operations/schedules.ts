import { z } from 'zod'
import { Name } from '../names.ts'
import { NewSchedule, Occurrence, ScheduleView } from '../schedule.ts'
import { idempotencyHeaders } from './idempotency.ts'
import { operation } from './operation.ts'

const ScheduleParams = z.strictObject({ name: Name })

/** Runs that start by the clock. */
export const schedules = {
  list: operation({
    method: 'GET',
    path: '/api/v1/schedules',
    summary: 'Every schedule with its next times',
    permission: 'run.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(ScheduleView) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/schedules/{name}',
    summary: 'One schedule, with its next times and what became of the last ones',
    permission: 'run.read',
    scope: 'tenant',
    hasETag: true,
    params: ScheduleParams,
    problems: ['schedule_not_found'],
    responses: { 200: ScheduleView },
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/schedules',
    summary: 'Start runs of an agent by the clock, with the rights of the caller',
    permission: 'run.manage',
    scope: 'tenant',
    body: NewSchedule,
    problems: [
      'schedule_exists',
      'schedules_too_many',
      'cron_invalid',
      'cron_never',
      'time_zone_unknown',
      'agent_not_found',
      'invalid_input',
    ],
    responses: { 201: ScheduleView },
  }),
  pause: operation({
    method: 'POST',
    path: '/api/v1/schedules/{name}/pause',
    summary: 'Let the schedule start nothing until it is resumed',
    permission: 'run.manage',
    scope: 'tenant',
    ifMatch: '/api/v1/schedules/{name}',
    params: ScheduleParams,
    problems: ['schedule_not_found', 'schedule_stopped'],
    responses: { 200: ScheduleView },
  }),
  resume: operation({
    method: 'POST',
    path: '/api/v1/schedules/{name}/resume',
    summary: 'Let the schedule go on; times that passed meanwhile are not made up for',
    permission: 'run.manage',
    scope: 'tenant',
    ifMatch: '/api/v1/schedules/{name}',
    params: ScheduleParams,
    problems: ['schedule_not_found', 'schedule_stopped'],
    responses: { 200: ScheduleView },
  }),
  trigger: operation({
    method: 'POST',
    path: '/api/v1/schedules/{name}/trigger',
    summary: 'Start a run of the schedule now, beside its times',
    permission: 'run.manage',
    scope: 'tenant',
    ifMatch: '/api/v1/schedules/{name}',
    params: ScheduleParams,
    headers: idempotencyHeaders('A repeated request with the same key gets the first one’s run.'),
    problems: ['schedule_not_found', 'schedule_stopped'],
    responses: { 202: Occurrence },
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/schedules/{name}',
    summary: 'Remove the schedule; its runs go on',
    permission: 'run.manage',
    scope: 'tenant',
    ifMatch: '/api/v1/schedules/{name}',
    params: ScheduleParams,
    problems: ['schedule_not_found'],
    responses: { 204: z.null() },
  }),
}
