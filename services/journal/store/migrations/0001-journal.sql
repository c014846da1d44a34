-- One row per shard: the fence (epoch), the tree (size and frontier) and what was last promised about it (checkpoint).
create table journal.shard (
  id text primary key,
  epoch bigint not null,
  size bigint not null,
  frontier bytea not null,
  checkpoint text not null
);

-- The log. Only payload and salt may ever change: both become null when a payload is erased.
create table journal.entry (
  shard text not null references journal.shard (id),
  index bigint not null,
  run uuid,
  kind text not null,
  header text not null,
  leaf bytea not null,
  payload text,
  salt bytea,
  key text,
  primary key (shard, index)
);
create index entry_by_run on journal.entry (run, index) where run is not null;
create unique index entry_by_key on journal.entry (shard, key) where key is not null;

create function journal.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'journal entries are append-only';
end $$;
create trigger entry_is_kept before delete on journal.entry for each row execute function journal.refuse_change();
create trigger log_is_kept before truncate on journal.entry for each statement execute function journal.refuse_change();
create trigger entry_is_fixed before update on journal.entry for each row
  when (
    (new.shard, new.index, new.run, new.kind, new.header, new.leaf, new.key)
      is distinct from (old.shard, old.index, old.run, old.kind, old.header, old.leaf, old.key)
    or new.payload is not null or new.salt is not null
  ) execute function journal.refuse_change();

-- Roots of the complete subtrees of 256, 65,536, … leaves, so that a proof reads hundreds of rows and never the log.
create table journal.node (
  shard text not null,
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  primary key (shard, level, index)
);

-- The last state of each run: what the lifecycle check reads. It repeats the entries and can be rebuilt from them.
create table journal.run_state (
  run uuid primary key,
  state text not null,
  index bigint not null
);
