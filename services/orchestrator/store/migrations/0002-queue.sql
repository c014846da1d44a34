-- What admission needs to know of a waiting run without reading its spec. The projection is made anew from the journal.
truncate orchestrator.run, orchestrator.cursor;
alter table orchestrator.run
  add column skill text,
  add column deadline timestamptz,
  add column start_at timestamptz;
drop index orchestrator.run_open;
create index run_open on orchestrator.run (id) where state not in ('scheduled', 'success', 'fail', 'cancelled');
create index run_scheduled on orchestrator.run (id) where state = 'scheduled';
create index run_timed on orchestrator.run (id) where state = 'scheduled' and (deadline is not null or start_at is not null);
