-- Keys that payloads are encrypted under, each wrapped by a key-encryption key that the database never sees.
create table journal.data_key (
  id uuid primary key,
  tenant text not null,
  kek text not null,
  wrapped bytea not null,
  created_at timestamptz not null
);
create index data_key_by_tenant on journal.data_key (tenant, created_at);
