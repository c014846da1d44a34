import { AzoraError } from '@azora/base'
import { createDiskStore } from './disk.ts'
import { createDrafts } from './drafts.ts'
import type { ArtifactStore } from './port.ts'
import { createS3Store, type S3Place } from './s3.ts'

/**
 * The store that a setting names: `s3://bucket/prefix?region=eu-central-1&endpoint=https://…`, or the folder when there is
 * none. What is on its way to a bucket waits in the folder. Throws `artifact_store_malformed`.
 */
export const openArtifactStore = async (setting: string | undefined, folder: string): Promise<ArtifactStore> =>
  setting === undefined ? createDiskStore(folder) : createS3Store(s3PlaceOf(setting), createDrafts(folder))

export function s3PlaceOf(setting: string): S3Place {
  const url = URL.canParse(setting) ? new URL(setting) : undefined
  const region = url?.searchParams.get('region')
  if (url?.protocol !== 's3:' || !url.hostname || !region) throw malformed(setting)
  const endpoint = url.searchParams.get('endpoint') ?? undefined
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) throw malformed(setting)
  const path = url.pathname.replace(/^\/+|\/+$/g, '')
  return { bucket: url.hostname, prefix: path === '' ? '' : `${path}/`, region, ...(endpoint && { endpoint }) }
}

const malformed = (setting: string): AzoraError =>
  new AzoraError('fix', 'artifact_store_malformed', `AZORA_ARTIFACTS can't be read: ${setting}`, {
    remedy: 'Write it as s3://bucket/prefix?region=eu-central-1, with &endpoint=https://… for a compatible store.',
  })
