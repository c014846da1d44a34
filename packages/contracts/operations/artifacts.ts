import { z } from 'zod'
import { ARTIFACT_BYTES_MAX, UploadView } from '../artifact.ts'
import { Digest, RunId } from '../names.ts'
import { bytes, operation } from './operation.ts'

const problems = ['artifact_store_unavailable'] as const

export const artifacts = {
  list: operation({
    method: 'GET',
    path: '/api/v1/artifacts',
    summary: 'The files that were handed over and can be named, newest first',
    permission: 'run.create',
    scope: 'tenant',
    problems,
    responses: { 200: z.strictObject({ items: z.array(UploadView) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/artifacts/{digest}',
    summary: 'A file that was handed over, byte for byte; check its digest',
    permission: 'run.create',
    scope: 'tenant',
    params: z.strictObject({ digest: Digest }),
    problems: [...problems, 'upload_not_found'],
    responses: { 200: bytes() },
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/artifacts/{digest}',
    summary: 'Removes a file that was handed over; runs that took it keep their own',
    permission: 'run.create',
    scope: 'tenant',
    params: z.strictObject({ digest: Digest }),
    problems: [...problems, 'upload_not_found'],
    responses: { 204: z.null() },
  }),
  put: operation({
    method: 'PUT',
    path: '/api/v1/artifacts/{digest}',
    summary:
      'Hands over a file for inputs to name by its digest, for seven days; a run that takes it keeps it as its own',
    permission: 'run.create',
    scope: 'tenant',
    params: z.strictObject({ digest: Digest }),
    body: bytes(),
    bodyBytesMax: ARTIFACT_BYTES_MAX,
    problems: [
      'length_required',
      'artifact_too_large',
      'artifact_mismatch',
      'transfer_too_slow',
      'transfer_broken',
      'uploads_full',
      'artifact_store_unavailable',
      'artifact_store_full',
    ],
    responses: { 204: z.null() },
  }),
  take: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/inputs/{digest}',
    summary: 'An artifact that the input of an action names; for the node that performs it',
    permission: 'artifact.keep',
    scope: 'server',
    params: z.strictObject({ runId: RunId, digest: Digest }),
    problems: ['not_performing', 'artifact_not_found', 'artifact_store_unavailable', 'artifact_store_full'],
    responses: { 200: bytes() },
  }),
  code: operation({
    method: 'GET',
    path: '/api/v1/runs/{runId}/code/{digest}',
    summary: 'The kept code of an action, as JSON; for the node that performs it and has other code',
    permission: 'artifact.keep',
    scope: 'server',
    params: z.strictObject({ runId: RunId, digest: Digest }),
    problems: ['not_performing', 'code_not_found'],
    responses: { 200: bytes() },
  }),
}
