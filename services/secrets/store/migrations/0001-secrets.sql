-- What may be leased, and on which terms.
create table secrets.secret (
  tenant text not null,
  name text not null,
  hosts text[] not null,
  place jsonb not null,
  environment boolean not null,
  lease_ms int not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (tenant, name)
);
-- The values, encrypted under a data key each, which the key-encryption key wraps.
create table secrets.version (
  tenant text not null,
  name text not null,
  version int not null,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked boolean not null default false,
  primary key (tenant, name, version),
  foreign key (tenant, name) references secrets.secret on delete cascade
);
