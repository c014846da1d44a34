-- Who is told what. `next` is the index of the first entry of the log that it has not been queued.
create table webhooks.endpoint (
  tenant text not null,
  id uuid not null,
  name text not null,
  url text not null,
  events text[] not null,
  agents text[] not null,
  state text not null,
  why text,
  failures int not null default 0,
  failing_since timestamptz,
  retry_at timestamptz,
  next bigint not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (tenant, id),
  unique (tenant, name)
);
-- Keys that messages are signed with, each wrapped under the key-encryption key.
create table webhooks.secret (
  tenant text not null,
  endpoint uuid not null,
  version int not null,
  wrapped bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (tenant, endpoint, version),
  foreign key (tenant, endpoint) references webhooks.endpoint on delete cascade
);
-- The queue, and what became of what was in it. `index` is that of the entry in the log.
create table webhooks.delivery (
  tenant text not null,
  endpoint uuid not null,
  index bigint not null,
  type text not null,
  run uuid,
  body text not null,
  state text not null default 'pending',
  attempts int not null default 0,
  first_at timestamptz,
  last_at timestamptz,
  next_at timestamptz not null,
  status int,
  duration_ms int,
  excerpt text,
  error text,
  primary key (tenant, endpoint, index),
  foreign key (tenant, endpoint) references webhooks.endpoint on delete cascade
);
create index delivery_pending on webhooks.delivery (tenant, endpoint, run, index) where state = 'pending';
