-- A projection of the journal for listing runs. Dropping both tables loses nothing: they are rebuilt at the next start.
create table orchestrator.run (
  id uuid primary key,
  tenant text not null,
  agent_id text not null,
  state text not null,
  priority smallint not null,
  spec json not null,
  started_at text,
  finished_at text,
  error json,
  index bigint not null
);
create index run_newest on orchestrator.run (tenant, id desc);
create index run_open on orchestrator.run (id) where state not in ('success', 'fail', 'cancelled');

-- How far into the log the projection has read.
create table orchestrator.cursor (
  shard text primary key,
  next bigint not null
);
