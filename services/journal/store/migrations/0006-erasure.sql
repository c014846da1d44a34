-- Under which entry a payload was erased. Set together with the erasure and never again.
alter table journal.entry add column erased_by bigint;

drop trigger entry_is_fixed on journal.entry;
create trigger entry_is_fixed before update on journal.entry for each row
  when (
    (new.shard, new.index, new.run, new.kind, new.header, new.leaf, new.key)
      is distinct from (old.shard, old.index, old.run, old.kind, old.header, old.leaf, old.key)
    or new.payload is not null or new.salt is not null
    or new.erased_by is null or new.erased_by <= new.index
    or (old.erased_by is not null and new.erased_by <> old.erased_by)
  ) execute function journal.refuse_change();
