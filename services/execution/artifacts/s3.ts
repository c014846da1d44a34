import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { AzoraError, toAzoraError } from '@azora/base'
import { assertSize } from './checked.ts'
import type { Drafts } from './drafts.ts'
import { type ArtifactAddress, type ArtifactStore, LISTED_MAX } from './port.ts'

export interface S3Place {
  bucket: string
  /** Goes before every key; empty, or it ends with a slash. */
  prefix: string
  region: string
  /** Of a compatible store; Amazon's own when absent. */
  endpoint?: string
}

/**
 * Artifacts in an S3-compatible store. Credentials come from where the AWS SDK looks for them: environment, profile or
 * instance role.
 */
export async function createS3Store(
  { bucket, prefix, region, endpoint }: S3Place,
  drafts: Drafts,
): Promise<ArtifactStore> {
  // The SDK takes its time to load, and most installations do without.
  const {
    DeleteObjectCommand,
    DeleteObjectsCommand,
    GetObjectCommand,
    ListObjectsV2Command,
    NoSuchKey,
    PutObjectCommand,
    S3Client,
  } = await import('@aws-sdk/client-s3')
  const client = new S3Client({
    region,
    logger: SILENT,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
  })
  const folderOf = ({ tenant, runId }: Pick<ArtifactAddress, 'tenant' | 'runId'>): string =>
    `${prefix}${tenant}/${runId}/`
  const keyOf = (address: ArtifactAddress): string => `${folderOf(address)}${address.digest}`

  return {
    async put(address, content, bytes) {
      assertSize(bytes)
      // Only what was checked to the end goes there, so it waits on disk: a request can't be taken back half-way.
      await drafts.write(address.digest, content, bytes, (file) =>
        client
          .send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: keyOf(address),
              Body: createReadStream(file),
              ContentLength: bytes,
            }),
          )
          .catch(unavailable),
      )
    },
    async get(address) {
      const found = await client
        .send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(address) }))
        .catch((thrown: unknown) => (thrown instanceof NoSuchKey ? undefined : unavailable(thrown)))
      if (!found?.Body) return undefined
      if (found.ContentLength === undefined) unavailable(new TypeError('it does not say how long the artifact is'))
      return { bytes: found.ContentLength, content: found.Body as Readable }
    },
    async list(run) {
      const Prefix = folderOf(run)
      const page = await client
        .send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: LISTED_MAX }))
        .catch(unavailable)
      return (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        digest: Key.slice(Prefix.length),
        bytes: Size,
        atMs: LastModified?.getTime() ?? 0,
      }))
    },
    async tenants() {
      const found: string[] = []
      for (let ContinuationToken: string | undefined; ; ) {
        const page = await client
          .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/', ContinuationToken }))
          .catch(unavailable)
        for (const { Prefix = '' } of page.CommonPrefixes ?? []) found.push(Prefix.slice(prefix.length, -1))
        ContinuationToken = page.NextContinuationToken
        if (ContinuationToken === undefined) return found
      }
    },
    async remove(address) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(address) })).catch(unavailable)
    },
    async removeRun(run) {
      for (;;) {
        const page = await client
          .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folderOf(run) }))
          .catch(unavailable)
        const Objects = (page.Contents ?? []).map(({ Key }) => ({ Key }))
        if (Objects.length === 0) return
        const { Errors } = await client
          .send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }))
          .catch(unavailable)
        if (Errors && Errors.length > 0) unavailable(new AzoraError('retry', 'artifact_kept', `${Errors[0]?.Code}`))
      }
    },
    sweepDrafts: drafts.sweep,
  }
}

/** What is wrong is thrown; the SDK need not say it too. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

function unavailable(thrown: unknown): never {
  throw new AzoraError(
    'retry',
    'artifact_store_unavailable',
    `the artifact store does not answer: ${toAzoraError(thrown).message}`,
    { retryAfterMs: 2_000, cause: thrown },
  )
}
