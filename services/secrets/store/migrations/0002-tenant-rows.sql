-- What is asked for one tenant sees the rows of that tenant and no others, whatever a statement forgets.
grant usage on schema secrets to azora_tenant;
grant select, insert, update, delete on secrets.secret, secrets.version to azora_tenant;
alter table secrets.secret enable row level security;
alter table secrets.version enable row level security;
create policy own on secrets.secret to azora_tenant using (tenant = current_setting('azora.tenant', true));
create policy own on secrets.version to azora_tenant using (tenant = current_setting('azora.tenant', true));
