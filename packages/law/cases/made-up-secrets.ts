const letters = (length: number): string => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z'.repeat(9).slice(0, length)
const capitals = (length: number): string =>
  letters(length * 2)
    .toUpperCase()
    .slice(0, length)
const pem = (label: string): string => {
  const dashes = '-'.repeat(5)
  return `${dashes}BEGIN ${label}${dashes}\n${letters(64)}\n${letters(64)}\n${letters(20)}==\n${dashes}END ${label}${dashes}\n`
}

/**
 * Made-up secrets in the form of real ones, by the names that cases write as `{{name}}`. They are put together here so
 * that no scanner of this repository takes them for real.
 */
export const FAKE_SECRETS: Readonly<Record<string, string>> = {
  'rsa-key': pem('RSA PRIVATE KEY'),
  'openssh-key': pem('OPENSSH PRIVATE KEY'),
  'plain-key': pem('PRIVATE KEY'),
  'pgp-key': pem('PGP PRIVATE KEY BLOCK'),
  'aws-id': `AKIA${capitals(16)}`,
  'aws-secret': `aws_secret_access_key = ${letters(40)}`,
  'github-token': `ghp_${letters(36)}`,
  'github-pat': `github_pat_${letters(22)}_${letters(59)}`,
  'slack-token': `xoxb-${'123456789012'}-${letters(24)}`,
  'slack-webhook': `https://hooks.slack.com/${'services'}/T00000000/B00000000/${letters(24)}`,
  'stripe-key': `sk_live_${letters(24)}`,
}

/** Text that looks like a secret and is none. */
export const LOOK_ALIKES: Readonly<Record<string, string>> = {
  'public-key': pem('PUBLIC KEY'),
  certificate: pem('CERTIFICATE'),
  'key-header': `the file starts with ${'-'.repeat(5)}BEGIN RSA PRIVATE KEY${'-'.repeat(5)} and must not be committed`,
  'aws-example': `AKIA${'IOSFODNN7'}EXAMPLE`,
  'aws-secret-example': `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'EXAMPLEKEY'}`,
  'github-prefix': 'tokens of GitHub start with ghp_ and are 40 characters long',
  'stripe-publishable': `pk_live_${letters(24)}`,
  sha: letters(40),
  'large-text': 'lorem ipsum '.repeat(100_000),
}
