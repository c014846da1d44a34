import type { Db } from '@azora/base/db'

/** An entry of a run that the server made, with marks where its copies differ. */
export interface EntryTemplate {
  kind: string
  header: string
  payload: string
}

/** What stands for a copy's own index, digest, run, time, tenant and priority; within no entry otherwise. */
export const MARKS = { index: '@I', digest: '@D', run: '@R', at: '@T', tenant: '@N', priority: '@P' } as const

interface Row {
  kind: string
  header: string
  payload: string
}

/** The entries of a run, in order, as templates of others like it. */
export async function templatesOf(db: Db, run: string): Promise<EntryTemplate[]> {
  const { rows } = await db.query<Row>(
    'select kind, header, payload from journal.entry where run = $1 order by index',
    [run],
  )
  return rows.map((row) => templateOf(run, row))
}

function templateOf(run: string, { kind, header, payload }: Row): EntryTemplate {
  const { index, at, payloadDigest, tenant }: Record<string, unknown> = JSON.parse(header)
  const inAll = (text: string): string =>
    text
      .replaceAll(run, MARKS.run)
      .replaceAll(String(at), MARKS.at)
      .replace(`"tenant":"${tenant}"`, `"tenant":"${MARKS.tenant}"`)
  return {
    kind,
    header: inAll(header)
      .replace(`"index":${index}`, `"index":${MARKS.index}`)
      .replace(String(payloadDigest), MARKS.digest),
    payload: inAll(payload)
      .replace(/"createdAt":"[^"]+"/, `"createdAt":"${MARKS.at}"`)
      .replace(/"priority":\d/, `"priority":${MARKS.priority}`)
      // A run asks once here.
      .replace(/"reviewId":"[^"]+"/, `"reviewId":"${MARKS.run}"`),
  }
}
