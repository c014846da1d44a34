-- Every version of every skill and agent that was ever registered here. A version never changes.
create table skills.manifest (
  kind text not null check (kind in ('skill', 'agent')),
  id text not null,
  version text not null,
  digest text not null,
  manifest json not null,
  registered_at timestamptz not null default now(),
  primary key (kind, id, version)
);
