-- Every constitution that was offered for activation, under the digest of its law. Its files never change.
create table constitution.version (
  digest text primary key,
  files json not null,
  kept_at timestamptz not null default now()
);
