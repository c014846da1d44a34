-- What an identity provider keeps for one tenant is asked for within that tenant.
grant select, insert, update, delete on identity.scim_user, identity.scim_group to azora_tenant;
alter table identity.scim_user enable row level security;
alter table identity.scim_group enable row level security;
create policy own on identity.scim_user to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on identity.scim_group to azora_tenant using (tenant = current_setting('azora.tenant', true));

-- Nobody is in a group of another tenant, whoever writes it.
alter table identity.scim_member add column tenant text;
update identity.scim_member m set tenant = g.tenant from identity.scim_group g where g.group_id = m.group_id;
alter table identity.scim_user add unique (tenant, user_id);
alter table identity.scim_group add unique (tenant, group_id);
alter table identity.scim_member
  alter column tenant set not null,
  drop constraint scim_member_group_id_fkey,
  drop constraint scim_member_user_id_fkey,
  add foreign key (tenant, group_id) references identity.scim_group (tenant, group_id) on delete cascade,
  add foreign key (tenant, user_id) references identity.scim_user (tenant, user_id) on delete cascade;
grant select, insert, delete on identity.scim_member to azora_tenant;
alter table identity.scim_member enable row level security;
create policy own on identity.scim_member to azora_tenant using (tenant = current_setting('azora.tenant', true));

-- A device that waits belongs to nobody: people of every tenant may find it by its code, and make it their own tenant's. What
-- the device itself holds is nobody's to read.
grant select (user_code, device, address, asked_at, expires_at, decision, tenant, principal),
  update (decision, tenant, principal), delete on identity.device_grant to azora_tenant;
alter table identity.device_grant enable row level security;
create policy seen on identity.device_grant for select to azora_tenant
  using (tenant is null or tenant = current_setting('azora.tenant', true));
create policy decided on identity.device_grant for update to azora_tenant
  using (tenant is null or tenant = current_setting('azora.tenant', true))
  with check (tenant = current_setting('azora.tenant', true));
create policy forgotten on identity.device_grant for delete to azora_tenant
  using (tenant = current_setting('azora.tenant', true));
