-- What is asked for one tenant sees the entries of that tenant and no others, whatever a statement forgets. It only reads: the
-- server appends, erases, and goes through the log as a whole. Whose an entry is, is read from its header, which is hashed;
-- a column of its own would be written on the path where every entry waits.
grant usage on schema journal to azora_tenant;
grant select on journal.entry to azora_tenant;
alter table journal.entry enable row level security;
create policy own on journal.entry to azora_tenant
  using (header::json ->> 'tenant' = current_setting('azora.tenant', true));

-- A tenant's key is made for the first of its payloads. All are read together, when the server starts.
grant insert on journal.data_key to azora_tenant;
alter table journal.data_key enable row level security;
create policy own on journal.data_key to azora_tenant using (tenant = current_setting('azora.tenant', true));
