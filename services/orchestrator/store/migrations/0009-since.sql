-- The entry with which a run began: code is kept as long as one may need it that began before newer code came. Runs that are
-- listed already count as having begun before everything.
alter table orchestrator.run add column since bigint;
