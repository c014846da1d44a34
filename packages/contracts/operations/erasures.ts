import { z } from 'zod'
import {
  ErasurePreview,
  ErasurePreviewRequest,
  ErasureRequest,
  ErasureView,
  ListErasuresQuery,
  RetentionRequest,
  RetentionRun,
  RetentionRunRequest,
  RetentionView,
} from '../erasure.ts'
import { Page } from '../page.ts'
import { operation } from './operation.ts'
import { ShardParams } from './shard.ts'

const Rules = z.strictObject({ items: z.array(RetentionView) })

/** Lawful erasure: what it would take, doing it by the owner's signature, and what was erased. */
export const erasures = {
  preview: operation({
    method: 'POST',
    path: '/api/v1/journal/{shard}/erasures/preview',
    summary: 'What an erasure would erase; nothing is',
    permission: 'erasure.preview',
    scope: 'tenant',
    params: ShardParams,
    isSafe: true,
    body: ErasurePreviewRequest,
    problems: [
      'invalid_request',
      'run_not_found',
      'entry_not_found',
      'erasure_too_large',
      'payload_unreadable',
      'payload_key_missing',
      'run_not_ended',
      'erasure_refused',
    ],
    responses: { 200: ErasurePreview },
  }),
  erase: operation({
    method: 'POST',
    path: '/api/v1/journal/{shard}/erasures',
    summary: 'Erases the payloads that the signed statement names, for good',
    permission: 'erasure.create',
    scope: 'tenant',
    params: ShardParams,
    body: ErasureRequest,
    problems: [
      'run_not_found',
      'entry_not_found',
      'erasure_too_large',
      'erasure_changed',
      'erasure_refused',
      'erasure_busy',
      'run_not_ended',
      'signature_invalid',
      'payload_unreadable',
      'payload_key_missing',
    ],
    responses: { 201: ErasureView },
  }),
  list: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/erasures',
    summary: 'What was erased, by whom and under which rule, in the order of the log',
    permission: 'erasure.read',
    scope: 'tenant',
    params: ShardParams,
    query: ListErasuresQuery,
    responses: { 200: Page(ErasureView) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/erasures/{erasureId}',
    summary: 'One erasure',
    permission: 'erasure.read',
    scope: 'tenant',
    params: ShardParams.extend({ erasureId: z.uuid() }),
    problems: ['erasure_not_found'],
    responses: { 200: ErasureView },
  }),
}

/** How long payloads are kept, by their class. */
export const retention = {
  list: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/retention',
    summary: 'The retention rules that hold',
    permission: 'retention.read',
    scope: 'server',
    params: ShardParams,
    responses: { 200: Rules },
  }),
  set: operation({
    method: 'POST',
    path: '/api/v1/journal/{shard}/retention',
    summary: 'Sets or removes the rule of a class, by the owner’s signature',
    permission: 'retention.set',
    scope: 'server',
    params: ShardParams,
    body: RetentionRequest,
    problems: ['signature_invalid'],
    responses: { 200: Rules },
  }),
  run: operation({
    method: 'POST',
    path: '/api/v1/journal/{shard}/retention/run',
    summary: 'Applies the rules now, or says what they would erase',
    permission: 'retention.run',
    scope: 'server',
    params: ShardParams,
    body: RetentionRunRequest,
    problems: ['erasure_busy'],
    responses: { 200: z.strictObject({ items: z.array(RetentionRun) }) },
  }),
}
