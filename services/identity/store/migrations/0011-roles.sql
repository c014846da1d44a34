-- Roles that a tenant made for itself. A row never changes.
create table identity.role (
  tenant text not null,
  name text not null,
  says text not null,
  may text[] not null,
  -- Null for runs of all agents.
  agents text[],
  own boolean not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (tenant, name)
);
grant select, insert, delete on identity.role to azora_tenant;
alter table identity.role enable row level security;
create policy own on identity.role to azora_tenant using (tenant = current_setting('azora.tenant', true));
