-- Who is signed in. A session's secret is 256 random bits, so its plain hash can't be guessed back.
create table identity.session (
  session_id uuid primary key,
  secret_hash bytea not null unique,
  tenant text not null,
  principal text not null,
  method text not null,
  started_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_by_principal on identity.session (tenant, principal) where ended_at is null;
-- What signs somebody in once.
create table identity.sign_in_code (
  code_hash bytea primary key,
  tenant text not null,
  principal text not null,
  expires_at timestamptz not null
);
-- What access tokens are signed with; the private part is wrapped under the key of this installation.
create table identity.signing_key (
  kid text primary key,
  public_x text not null,
  wrapped bytea not null,
  signs_from timestamptz not null,
  verifies_until timestamptz
);
