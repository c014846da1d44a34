-- What was asked for with an Idempotency-Key, and what was answered. Nothing here can be read, or compared with a guess,
-- without the key itself, which is not stored.
create table http.answer (
  name bytea primary key,
  tenant text not null,
  principal text not null,
  request_mac bytea not null,
  began_at timestamptz not null,
  -- Null while it is under way, and for good where nobody knows how it ended.
  ended_at timestamptz,
  -- Null also where the answer is not kept.
  sealed bytea
);
create index answer_by_caller on http.answer (tenant, principal, began_at);
create index answer_by_time on http.answer (began_at);
