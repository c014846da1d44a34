-- Whose things are kept apart.
create table identity.tenant (
  name text primary key,
  created_at timestamptz not null default now(),
  suspended_at timestamptz
);
insert into identity.tenant (name) select 'default' union select tenant from identity.credential;

-- A principal's id is its tenant's own: another tenant's user:alice is somebody else.
drop index identity.credential_by_principal;
create index credential_by_principal on identity.credential (tenant, principal);

-- What is asked for one tenant is asked as azora_tenant, which sees the rows of that tenant and no others, whatever a
-- statement forgets. The tables that it has no right to at all are found by secrets, before anybody's tenant is known.
grant usage on schema identity to azora_tenant;
grant select, insert, update, delete on identity.credential, identity.session, identity.sign_in_code, identity.link
  to azora_tenant;
alter table identity.credential enable row level security;
alter table identity.session enable row level security;
alter table identity.sign_in_code enable row level security;
alter table identity.link enable row level security;
create policy own on identity.credential to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on identity.session to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on identity.sign_in_code to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on identity.link to azora_tenant using (tenant = current_setting('azora.tenant', true));
