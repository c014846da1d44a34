const SECRETS: ReadonlyArray<{ kind: string; pattern: RegExp }> = [
  {
    kind: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    kind: 'private key',
    pattern:
      /(?:[A-Za-z0-9+/=]{16,200}\s+){1,200}(?:[A-Za-z0-9+/=]{1,16}\s+)?-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----/g,
  },
  { kind: 'AWS access key', pattern: /(?:AKIA|ASIA)[A-Z0-9]{16}/g },
  {
    kind: 'AWS secret key',
    pattern: /(?<=aws_?secret_?(?:access_?)?key["']?\s{0,9}[:=]\s{0,9}["']?)[A-Za-z0-9/+]{40}/gi,
  },
  { kind: 'GitHub token', pattern: /gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}/g },
  { kind: 'npm token', pattern: /npm_[A-Za-z0-9]{36}/g },
  { kind: 'Slack token', pattern: /xox[abeoprs]-[A-Za-z0-9-]{20,255}/g },
  { kind: 'Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{20,255}/g },
  { kind: 'Stripe key', pattern: /(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{20,255}/g },
  { kind: 'JSON Web Token', pattern: /eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g },
  { kind: 'password', pattern: /(?<=[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:)[^\s/:@]{1,200}(?=@)/gi },
  {
    kind: 'secret',
    pattern:
      /(?<=(?:password|passwd|secret|token|api_?key|access_?key)["'`]?\s{0,9}[:=]\s{0,9}["'`]?)(?=[^\s"'`]*\d)[A-Za-z0-9_/+=.~-]{16,255}/gi,
  },
]

/** The text with whatever looks like a secret replaced by its kind. Everything quoted from a repository passes through. */
export const maskSecrets = (text: string): string =>
  SECRETS.reduce((masked, { kind, pattern }) => masked.replace(pattern, `[${kind}]`), text)
