-- What was promised in public. No two rows of one size: whoever holds a checkpoint can find it here again.
create table journal.checkpoint (
  shard text not null references journal.shard (id),
  size bigint not null,
  root bytea not null,
  -- The signed note as the log signed it.
  note text not null,
  epoch bigint not null,
  published_at timestamptz not null,
  primary key (shard, size)
);

-- What witnesses added to it, a signature line each.
create table journal.cosignature (
  shard text not null,
  size bigint not null,
  -- Verifier key of the witness (C2SP signed-note vkey).
  witness text not null,
  line text not null,
  received_at timestamptz not null,
  primary key (shard, size, witness),
  foreign key (shard, size) references journal.checkpoint (shard, size)
);

create function journal.refuse_unpublishing() returns trigger language plpgsql as $$
begin
  raise exception 'published checkpoints are append-only';
end $$;
create trigger checkpoint_is_kept before update or delete on journal.checkpoint
  for each row execute function journal.refuse_unpublishing();
create trigger checkpoints_are_kept before truncate on journal.checkpoint
  for each statement execute function journal.refuse_unpublishing();
create trigger cosignature_is_kept before update or delete on journal.cosignature
  for each row execute function journal.refuse_unpublishing();
create trigger cosignatures_are_kept before truncate on journal.cosignature
  for each statement execute function journal.refuse_unpublishing();
-- A log that was there before has promised its head, to those who got receipts.
insert into journal.checkpoint (shard, size, root, note, epoch, published_at)
select id, size, decode(split_part(checkpoint, E'\n', 3), 'base64'), checkpoint, epoch, now() from journal.shard;
