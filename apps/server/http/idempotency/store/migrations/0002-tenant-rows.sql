-- What is asked for one tenant sees the rows of that tenant and no others, whatever a statement forgets.
grant usage on schema http to azora_tenant;
grant select, insert, update, delete on http.answer to azora_tenant;
alter table http.answer enable row level security;
create policy own on http.answer to azora_tenant using (tenant = current_setting('azora.tenant', true));
