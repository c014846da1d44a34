import { z } from 'zod'
import {
  ActivatedVersion,
  ActivateRequest,
  BacktestEvent,
  BacktestRequest,
  ConstitutionFiles,
  ConstitutionView,
} from '../constitution.ts'
import { Digest } from '../names.ts'
import { events, operation } from './operation.ts'

/** A constitution is larger than an ordinary body; its characters may take several bytes each. */
const LAW_BYTES_MAX = 16 * 1024 * 1024

export const constitution = {
  get: operation({
    method: 'GET',
    path: '/api/v1/constitution',
    summary: 'The law in force',
    permission: 'constitution.read',
    scope: 'tenant',
    hasETag: true,
    responses: { 200: ConstitutionView },
  }),
  versions: operation({
    method: 'GET',
    path: '/api/v1/constitution/versions',
    summary: 'Every activation, newest first',
    permission: 'constitution.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(ActivatedVersion) }) },
  }),
  files: operation({
    method: 'GET',
    path: '/api/v1/constitution/versions/{digest}/files',
    summary: 'The files of a version',
    permission: 'constitution.read',
    scope: 'tenant',
    params: z.strictObject({ digest: Digest }),
    problems: ['version_not_found'],
    responses: { 200: z.strictObject({ items: ConstitutionFiles }) },
  }),
  activate: operation({
    method: 'POST',
    path: '/api/v1/constitution/activate',
    summary: 'Puts a law in force, by the owner’s signature',
    permission: 'constitution.activate',
    scope: 'server',
    ifMatch: '/api/v1/constitution',
    body: ActivateRequest,
    bodyBytesMax: LAW_BYTES_MAX,
    problems: [
      'law_invalid',
      'cases_invalid',
      'cases_failed',
      'digest_mismatch',
      'already_in_force',
      'rollback_not_stated',
      'sequence_conflict',
      'signature_invalid',
    ],
    responses: { 200: ActivatedVersion },
  }),
  backtest: operation({
    method: 'POST',
    path: '/api/v1/constitution/backtest',
    summary: 'What the recorded verdicts would have been under a draft, as server-sent events with the result last',
    permission: 'constitution.backtest',
    scope: 'server',
    body: BacktestRequest,
    isSafe: true,
    bodyBytesMax: LAW_BYTES_MAX,
    problems: ['law_invalid', 'backtest_running', 'backtest_cancelled'],
    responses: { 200: events(BacktestEvent) },
  }),
}
