-- Keys are found by their secret before anybody's tenant is known; whatever else is done with them is done for one tenant.
grant select, insert, update, delete on identity.api_key to azora_tenant;
alter table identity.api_key enable row level security;
create policy own on identity.api_key to azora_tenant using (tenant = current_setting('azora.tenant', true));
