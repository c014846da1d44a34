-- What people are asked, of runs that have not ended: finding it must not take the longer the more runs there are.
create table orchestrator.review (
  id uuid primary key,
  run uuid not null,
  tenant text not null,
  agent_id text not null,
  -- Of the entry that asked.
  index bigint not null,
  requested_at timestamptz not null,
  expires_at timestamptz,
  quorum integer not null,
  -- Whether it may still wait; the journal knows.
  open boolean not null
);
create index review_open on orchestrator.review (tenant, index) where open;
create index review_open_by_agent on orchestrator.review (tenant, agent_id, index) where open;
create index review_of_run on orchestrator.review (run);
grant select on orchestrator.review to azora_tenant;
alter table orchestrator.review enable row level security;
create policy own on orchestrator.review to azora_tenant using (tenant = current_setting('azora.tenant', true));

-- Runs that asked before there was such a list: their reviews are taken from the journal at the next start.
alter table orchestrator.run rename column asks to reviews_unlisted;
alter index orchestrator.run_asks rename to run_reviews_unlisted;
