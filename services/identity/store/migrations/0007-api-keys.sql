-- What programs come in with. A key is 256 random bits, so its plain hash can't be guessed back.
create table identity.api_key (
  key_id uuid primary key,
  secret_hash bytea not null unique,
  tenant text not null,
  principal text not null,
  name text not null,
  scopes text[] not null,
  created_by text not null,
  created_at timestamptz not null,
  -- When the secret was made: at creation, or at the last rotation.
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- The secret before the last rotation is accepted until then.
  old_hash bytea unique,
  old_until timestamptz,
  revoked_at timestamptz
);
create index api_key_by_principal on identity.api_key (tenant, principal);
