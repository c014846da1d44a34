-- People as an identity provider keeps them here (SCIM 2.0, RFC 7643). Somebody is a principal by an entry of the journal and
-- a credential; this says what the provider calls them, and how they sign in.
create table identity.scim_user (
  user_id uuid primary key,
  tenant text not null,
  principal text not null,
  user_name text not null,
  external_id text,
  -- Whether the provider wants them to be a principal.
  active boolean not null,
  attributes jsonb not null,
  created_at timestamptz not null,
  modified_at timestamptz not null,
  unique (tenant, principal)
);
create index scim_user_by_external_id on identity.scim_user (tenant, external_id);
create table identity.scim_group (
  group_id uuid primary key,
  tenant text not null,
  display_name text not null,
  external_id text,
  -- What the owner lets its members have; nothing when null.
  role text,
  created_at timestamptz not null,
  modified_at timestamptz not null
);
create unique index scim_group_by_name on identity.scim_group (tenant, lower(display_name));
create table identity.scim_member (
  group_id uuid not null references identity.scim_group on delete cascade,
  user_id uuid not null references identity.scim_user on delete cascade,
  primary key (group_id, user_id)
);
create index scim_member_by_user on identity.scim_member (user_id);
