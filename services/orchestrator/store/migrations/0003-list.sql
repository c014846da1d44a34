-- The list by state or agent, in the order of ids, which is that of creation.
create index run_by_state on orchestrator.run (tenant, state, id);
create index run_by_agent on orchestrator.run (tenant, agent_id, id);
