-- What is used of budgets by tenants and agents. It is made anew from the journal when it is emptied.
create table orchestrator.budget_used (
  subject text not null,
  period text not null,
  amounts json not null,
  primary key (subject, period)
);
-- Reservations that are not settled, by run.
create table orchestrator.budget_open (
  run uuid primary key,
  reservations json not null
);
-- How far into the log both have read.
create table orchestrator.budget_cursor (
  shard text primary key,
  next bigint not null
);
