-- Devices that ask to act for somebody (RFC 8628).
create table identity.device_grant (
  code_hash bytea primary key,
  user_code text not null unique,
  device text not null,
  address text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  asked_token_at timestamptz,
  decision text,
  tenant text,
  principal text
);
