-- Lists are asked for one tenant, and see the rows of that tenant and no others, whatever a statement forgets. They only read.
grant usage on schema orchestrator to azora_tenant;
grant select on orchestrator.run to azora_tenant;
alter table orchestrator.run enable row level security;
create policy own on orchestrator.run to azora_tenant using (tenant = current_setting('azora.tenant', true));
