import { z } from 'zod'
import { ARTIFACT_BYTES_MAX } from '../artifact.ts'
import { Digest, RunId } from '../names.ts'
import { bytes, operation } from './operation.ts'

export const artifacts = {
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
}
