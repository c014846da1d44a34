-- What a principal signs with: verifier keys (C2SP signed-note vkey).
alter table identity.credential add column keys text[] not null default '{}';
