-- How many runs there are of each tenant in each state: counting them takes the longer the more there are.
create table orchestrator.tally (
  tenant text not null,
  state text not null,
  runs bigint not null,
  primary key (tenant, state)
);
insert into orchestrator.tally select tenant, state, count(*) from orchestrator.run group by tenant, state;
grant select on orchestrator.tally to azora_tenant;
alter table orchestrator.tally enable row level security;
create policy own on orchestrator.tally to azora_tenant using (tenant = current_setting('azora.tenant', true));

-- By triggers, which see the very rows that a statement changed: with any other way a row that was passed over would count.
create function orchestrator.tally_new() returns trigger language plpgsql as $$
begin
  insert into orchestrator.tally as t (tenant, state, runs)
  select tenant, state, count(*) from made group by tenant, state
  on conflict (tenant, state) do update set runs = t.runs + excluded.runs;
  return null;
end $$;
create function orchestrator.tally_moved() returns trigger language plpgsql as $$
begin
  insert into orchestrator.tally as t (tenant, state, runs)
  select tenant, state, sum(runs) from (
    select tenant, state, 1 as runs from after_it union all select tenant, state, -1 from before_it
  ) moved group by tenant, state having sum(runs) <> 0
  on conflict (tenant, state) do update set runs = t.runs + excluded.runs;
  return null;
end $$;
create function orchestrator.tally_none() returns trigger language plpgsql as $$
begin
  delete from orchestrator.tally;
  return null;
end $$;
create trigger run_is_counted after insert on orchestrator.run
  referencing new table as made for each statement execute function orchestrator.tally_new();
create trigger run_is_recounted after update on orchestrator.run
  referencing old table as before_it new table as after_it for each statement execute function orchestrator.tally_moved();
create trigger runs_are_gone after truncate on orchestrator.run
  for each statement execute function orchestrator.tally_none();

-- The list by agent and state: with either alone, one that is rare among many of the other is looked for among all of these.
create index run_by_agent_state on orchestrator.run (tenant, agent_id, state, id);
