-- Runs that have started and that nothing moves on but an entry of theirs, or a time: a start need not read them.
create table orchestrator.rest (
  run uuid primary key,
  -- When time moves it on; null when it never does.
  until timestamptz,
  -- Of the program that looked at it: another may find more to do.
  version text not null
);
create index rest_until on orchestrator.rest (run) where until is not null;
