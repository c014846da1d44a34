-- Who may speak to the server. A token is 256 random bits, so its plain hash can't be guessed back.
create table identity.credential (
  token_hash bytea primary key,
  principal text not null,
  tenant text not null,
  roles text[] not null,
  created_at timestamptz not null default now()
);
create index credential_by_principal on identity.credential (principal);
