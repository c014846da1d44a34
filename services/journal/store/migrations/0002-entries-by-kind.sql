-- For those who look for the last entry of a kind, or go through all of some kinds.
create index entry_by_kind on journal.entry (shard, kind, index);
