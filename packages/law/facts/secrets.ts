/**
 * Kinds of secrets that can be told from other text by their form. Published examples of AWS end in EXAMPLE. A token may
 * follow any character but a letter or digit, unless that letter ends an escape such as `\n`.
 */
const SECRETS: ReadonlyArray<{ kind: string; pattern: RegExp }> = [
  {
    kind: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{40,}[A-Za-z0-9+/=\s\\-]*/g,
  },
  {
    kind: 'AWS access key',
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  {
    kind: 'AWS secret key',
    pattern:
      /(?<=aws_?secret_?(?:access_?)?key["']?\s{0,9}[:=]\s{0,9}["']?)(?![A-Za-z0-9/+]{30}EXAMPLEKEY)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/gi,
  },
  {
    kind: 'GitHub token',
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})/g,
  },
  { kind: 'Slack token', pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))xox[abeoprs]-[A-Za-z0-9-]{20,255}/g },
  { kind: 'Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{20,255}/g },
  { kind: 'Stripe key', pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{20,255}/g },
]

/** Kinds of the secrets in a text, such as `GitHub token`, in a fixed order. */
export const secretKindsIn = (text: string): string[] =>
  SECRETS.filter(({ pattern }) => text.search(pattern) !== -1).map(({ kind }) => kind)

/** The text with every secret in it replaced by its kind. */
export const maskSecrets = (text: string): string =>
  SECRETS.reduce((masked, { kind, pattern }) => masked.replace(pattern, `[${kind}]`), text)
