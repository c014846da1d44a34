-- What finds periods that nothing needs any more. The total comes behind all of them.
create index budget_used_period on orchestrator.budget_used (period collate "C");
