-- Runs in which people may have to decide about something, also while they are paused; of those that are paused now it isn't
-- known, and to look at one in vain does no harm.
alter table orchestrator.run add column asks boolean not null default false;
update orchestrator.run set asks = true where state in ('awaiting_review', 'paused');
create index run_asks on orchestrator.run (tenant, id) where asks;
