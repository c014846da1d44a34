-- What is asked for one tenant sees the rows of that tenant and no others, whatever a statement forgets. What the server sends,
-- and what comes of it, goes through the endpoints of all.
grant usage on schema webhooks to azora_tenant;
grant select, insert, update, delete on webhooks.endpoint, webhooks.secret to azora_tenant;
grant select, insert, update on webhooks.delivery to azora_tenant;
alter table webhooks.endpoint enable row level security;
alter table webhooks.secret enable row level security;
alter table webhooks.delivery enable row level security;
create policy own on webhooks.endpoint to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on webhooks.secret to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on webhooks.delivery to azora_tenant using (tenant = current_setting('azora.tenant', true));
