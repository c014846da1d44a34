-- Whom somebody at an OpenID Connect provider signs in as. Before the first sign-in they are known by a verified address, from
-- then on by the provider's own name of them, which is never given to anybody else.
create table identity.link (
  tenant text not null,
  principal text not null,
  issuer text not null,
  email text not null,
  subject text,
  primary key (tenant, principal)
);
create unique index link_by_email on identity.link (issuer, email);
create unique index link_by_subject on identity.link (issuer, subject);
