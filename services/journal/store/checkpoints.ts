import type { Db } from '@azora/base/db'
import type { CheckpointStore, Published } from '../publish/port.ts'

interface PublishedRow extends Omit<Published, 'size' | 'publishedAt'> {
  size: string
  published_at: Date
}

/** The fence is held until the row is durable: no writer of a later epoch can have begun before it. */
const PUBLISH = `
with fence as (select id from journal.shard where id = $1 and epoch = $2 and size >= $3 for share)
insert into journal.checkpoint (shard, size, root, note, epoch, published_at)
select fence.id, $3, $4, $5, $2, $6 from fence
where not exists (select 1 from journal.checkpoint where shard = $1 and size >= $3)
on conflict (shard, size) do nothing`

const SELECT = `
select c.size, c.root, c.note, c.published_at, array(
  select s.line from journal.cosignature s where s.shard = c.shard and s.size = c.size
) as cosignatures from journal.checkpoint c where c.shard = $1`

/** Published checkpoints in PostgreSQL; the journal's store has made the schema before. */
export function createCheckpointStore(db: Db): CheckpointStore {
  return {
    async publish(shard, epoch, { size, root, note, publishedAt }) {
      const values = [shard, epoch, size, root, note, publishedAt]
      return (await db.query(PUBLISH, values, 'journal.publish')).rowCount === 1
    },
    async newest(shard) {
      const { rows } = await db.query<PublishedRow>(`${SELECT} order by c.size desc limit 1`, [shard])
      return rows[0] && publishedOf(rows[0])
    },
    async page(shard, after, limit) {
      const text = `${SELECT} and c.size > $2 order by c.size limit $3`
      const { rows } = await db.query<PublishedRow>(text, [shard, after, limit])
      return rows.map(publishedOf)
    },
    async cosign(shard, { size, witness, line, receivedAt }) {
      const { rowCount } = await db.query(
        `insert into journal.cosignature (shard, size, witness, line, received_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
        [shard, size, witness, line, receivedAt],
      )
      return rowCount === 1
    },
  }
}

const publishedOf = ({ size, root, note, published_at, cosignatures }: PublishedRow): Published => ({
  size: Number(size),
  root,
  note,
  publishedAt: published_at,
  cosignatures,
})
