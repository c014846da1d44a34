/**
 * A kind of secret that can be told from other text by its form. Its pattern is sticky where the form has openings, global
 * otherwise; its first group is the secret where the match holds more than that.
 */
export interface SecretForm {
  readonly kind: string
  readonly pattern: RegExp
  /** What every match begins with. */
  readonly openings: readonly string[]
  /** Where there is no opening: what a text must hold so that it may hold a match. */
  readonly hint?: RegExp
}

/** A token may follow any character but a letter or digit, unless that letter ends an escape such as `\n`. */
const START = String.raw`(?<![A-Za-z0-9](?<!\\[nrt]))`
const END = '(?![A-Za-z0-9])'

/** A token that follows one of the beginnings, which stand between spaces. */
function token(kind: string, beginnings: string, rest: string, end = ''): SecretForm {
  const openings = beginnings.split(' ')
  const anyOf = openings.map((opening) => opening.replaceAll(/[.$/]/g, '\\$&')).join('|')
  return { kind, openings, pattern: new RegExp(`${START}(?:${anyOf})${rest}${end}`, 'y') }
}

/** What begins with one of the openings, which stand between spaces, wherever that is in a word. */
const opened = (kind: string, openings: string, pattern: RegExp): SecretForm => ({
  kind,
  openings: openings.split(' '),
  pattern,
})

const hinted = (kind: string, hint: RegExp, pattern: RegExp): SecretForm => ({ kind, openings: [], hint, pattern })

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

const KEYS: readonly SecretForm[] = [
  hinted(
    'private key',
    /-----[Bb]/,
    /-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{40,}[A-Za-z0-9+/=\s\\-]*/gi,
  ),
  opened(
    'private key',
    'PuTTY-User',
    /PuTTY-User-Key-File-\d[\s\S]{1,4000}?Private-Lines: \d+\s+[A-Za-z0-9+/=\s]{40,}/y,
  ),
  opened('private key', '"kty"', /"kty"[^{}]{1,4000}?"d"\s{0,9}:\s{0,9}"[A-Za-z0-9_-]{32,}"/y),
  opened('private key', '"d"', /"d"\s{0,9}:\s{0,9}"[A-Za-z0-9_-]{32,2000}"[^{}]{1,4000}?"kty"/y),
  token('age key', 'AGE-SECRET-KEY-1', '[0-9A-Z]{50,64}'),
]

const CLOUDS: readonly SecretForm[] = [
  token('AWS access key', 'AKIA ASIA ABIA', '(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}', END),
  opened(
    'AWS secret key',
    'aws',
    /aws_?secret_?(?:access_?)?key["']?\s{0,9}[:=]\s{0,9}["']?((?![A-Za-z0-9/+]{30}EXAMPLEKEY)[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/iy,
  ),
  token('AWS Bedrock key', 'ABSK', '[A-Za-z0-9+/]{100,270}={0,2}'),
  token('Google API key', 'AIza', '[A-Za-z0-9_-]{33,37}', END),
  token('Google client secret', 'GOCSPX-', '[A-Za-z0-9_-]{28}'),
  token('Google access token', 'ya29.', '[A-Za-z0-9_-]{20,2000}'),
  token('Google refresh token', '1//0', '[A-Za-z0-9_-]{30,200}'),
  opened('Azure storage key', 'AccountKey=', /AccountKey=([A-Za-z0-9+/]{43,86}={0,2})/iy),
  opened('Azure access key', 'SharedAccess', /SharedAccess(?:Key|Signature)=([A-Za-z0-9+/% =&]{30,300})/y),
  hinted('Azure signature', /[?&]sig=/, /[?&]s[a-z]{1,2}=[^\s"']{1,600}?[?&]sig=([A-Za-z0-9+/%]{40,120})/g),
  hinted(
    'Azure client secret',
    /\dQ~/,
    /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g,
  ),
  token('Alibaba access key', 'LTAI', '[A-Za-z0-9]{16,24}', END),
  token('DigitalOcean token', 'doo_v1_ dop_v1_ dor_v1_', '[0-9a-f]{64}'),
  token('Heroku key', 'HRKU-', '[A-Za-z0-9_-]{36,80}'),
  token('Fly token', 'fo1_', '[A-Za-z0-9_-]{40,200}'),
  token('Fly token', 'fm1_ fm2_', '[A-Za-z0-9+/=,_-]{40,2000}'),
  token('Netlify token', 'nfp_ nfc_ nfu_ nfo_ nfb_', '[A-Za-z0-9]{36,60}'),
  token('Vercel token', 'vcp_ vci_ vck_ vcr_ vca_', '[A-Za-z0-9]{24,80}'),
  token('Render key', 'rnd_', '[A-Za-z0-9]{28,40}'),
  token('Supabase key', 'sbp_ sb_secret_', '[A-Za-z0-9_-]{30,60}'),
  token('PlanetScale token', 'pscale_tkn_ pscale_pw_ pscale_oauth_', '[A-Za-z0-9_.=-]{32,64}'),
  token('Databricks token', 'dapi', '[0-9a-f]{32}'),
  token('Yandex key', 'AQVN', '[A-Za-z0-9_-]{35,38}'),
  token('Tailscale key', 'tskey-', '[a-z]{3,12}-[A-Za-z0-9-]{16,80}'),
]

const CODE_HOSTS: readonly SecretForm[] = [
  token('GitHub token', 'ghp_ gho_ ghu_ ghs_ ghr_', '[A-Za-z0-9]{36,255}'),
  token('GitHub token', 'github_pat_', '[A-Za-z0-9_]{22,255}'),
  token(
    'GitLab token',
    'glpat- gloas- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct-',
    '[A-Za-z0-9_-]{20,300}',
  ),
  token('GitLab runner token', 'GR1348941', '[A-Za-z0-9_-]{20}'),
  token('Bitbucket token', 'ATBB', '[A-Za-z0-9]{28,40}', END),
  token('Atlassian token', 'ATATT3xFf ATCTT3xFf', '[A-Za-z0-9+/=_-]{60,300}'),
  token('npm token', 'npm_', '[A-Za-z0-9]{36}', END),
  token('PyPI token', 'pypi-', 'AgE[A-Za-z0-9_-]{50,1000}'),
  token('RubyGems key', 'rubygems_', '[0-9a-f]{48}'),
  token('crates.io token', 'cio', '[A-Za-z0-9]{32}', END),
  token('NuGet key', 'oy2', '[a-z0-9]{43}', END),
  token('Clojars token', 'CLOJARS_', '[a-z0-9]{60}'),
  token('Docker token', 'dckr_oat_ dckr_pat_', '[A-Za-z0-9_-]{24,40}'),
  token('JFrog key', 'AKCp', '[A-Za-z0-9]{60,80}'),
  token('JFrog token', 'cmVmdGtu', '[A-Za-z0-9]{50,60}'),
  token('CircleCI token', 'CCIPAT_ CCIPRJ_', '[A-Za-z0-9_]{30,100}'),
  token('Buildkite token', 'bk', '[a-z]{2}_[0-9a-f]{40}'),
  token('SonarQube token', 'sqp_ squ_ sqa_', '[0-9a-f]{40}'),
  token('Sourcegraph token', 'sgp_', '(?:[A-Za-z0-9]{1,20}_)?[0-9a-f]{40}'),
  hinted('Terraform token', /\.atlasv1\./, /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g),
  token('Vault token', 'hvs. hvb. hvr.', '[A-Za-z0-9_-]{24,300}'),
  token('Doppler token', 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', '[A-Za-z0-9._-]{40,80}'),
  token('Pulumi token', 'pul-', '[0-9a-f]{40}'),
  token('1Password token', 'ops_eyJ', '[A-Za-z0-9+/_=-]{100,3000}'),
  token('Postman key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'),
  token('Prefect key', 'pnu_ pnb_', '[A-Za-z0-9]{36}'),
]

const SERVICES: readonly SecretForm[] = [
  token('Slack token', 'xox', '[abeoprs]-[A-Za-z0-9-]{20,255}'),
  token('Slack token', 'xoxe.xoxb- xoxe.xoxp-', '[A-Za-z0-9-]{20,255}'),
  token('Slack app token', 'xapp-', '\\d-[A-Z0-9]{8,14}-\\d{8,16}-[a-f0-9]{30,80}'),
  opened(
    'Slack webhook',
    'hooks.slack.com/',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{20,255}/y,
  ),
  opened(
    'Discord webhook',
    'discord.com/ discordapp.com/',
    /discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[A-Za-z0-9_-]{50,100}/y,
  ),
  hinted(
    'Discord token',
    /\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}/,
    /(?<![A-Za-z0-9])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9])/g,
  ),
  opened(
    'Teams webhook',
    'webhook.office.com/',
    /webhook\.office\.com\/webhookb2\/[0-9a-f@-]{36,80}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36}/iy,
  ),
  hinted('Telegram token', /\d:AA/, /(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{32,33}(?![A-Za-z0-9_-])/g),
  token('Stripe key', 'sk_live_ sk_test_ rk_live_ rk_test_', '[A-Za-z0-9]{20,255}'),
  token('Stripe webhook secret', 'whsec_', '[A-Za-z0-9+/=]{20,255}'),
  token('Square token', 'sq0', '[a-z]{3}-[A-Za-z0-9_-]{22,50}'),
  token('Square token', 'EAAA', '[A-Za-z0-9+/=_-]{60,64}', END),
  token('Braintree token', 'access_token$production$', '[a-z0-9]{16}\\$[0-9a-f]{32}'),
  token('Plaid token', 'access-sandbox- access-development- access-production-', UUID),
  token('Razorpay key', 'rzp_live_', '[A-Za-z0-9]{14,24}'),
  token('Flutterwave key', 'FLWSECK', '[-_][A-Za-z0-9_-]{24,60}'),
  token('Shopify token', 'shpat_ shpca_ shppa_ shpss_', '[0-9a-fA-F]{32}'),
  token('SendGrid key', 'SG.', '[A-Za-z0-9_-]{20,24}\\.[A-Za-z0-9_-]{39,50}'),
  token('Mailgun key', 'key-', '[0-9a-f]{32}', END),
  hinted('Mailchimp key', /-us\d/, /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g),
  token('Brevo key', 'xkeysib-', '[0-9a-f]{64}-[A-Za-z0-9]{16}'),
  token('Resend key', 're_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{20,30}'),
  token('Twilio key', 'SK', '[0-9a-f]{32}', END),
  token('HubSpot token', 'pat-na pat-eu pat-ap', `\\d-${UUID}`),
  token('Facebook token', 'EAA', '[A-Za-z0-9]{80,300}', END),
  token('X token', 'AAAAAAAAAAAAAAAAAAAA', '[A-Za-z0-9%]{60,120}'),
  token('Linear key', 'lin_api_ lin_oauth_', '[A-Za-z0-9]{32,64}'),
  token('Notion token', 'ntn_', '[A-Za-z0-9]{40,60}'),
  token('Notion token', 'secret_', '[A-Za-z0-9]{43}', END),
  token('Airtable token', 'pat', '[A-Za-z0-9]{14}\\.[0-9a-f]{64}'),
  token('Figma token', 'fig', '[duor]{1,2}_[A-Za-z0-9_-]{38,60}'),
  token('Typeform token', 'tfp_', '[A-Za-z0-9_.=-]{40,80}'),
  token('Dropbox token', 'sl.', '(?:u\\.)?[A-Za-z0-9_-]{100,1600}'),
  token('Mapbox token', 'sk.eyJ', '[A-Za-z0-9_-]{30,200}\\.[A-Za-z0-9_-]{20,40}'),
  token('Contentful token', 'CFPAT-', '[A-Za-z0-9_-]{43}'),
  token('Grafana token', 'glc_ glsa_', '[A-Za-z0-9+/=_]{32,400}'),
  token('New Relic key', 'NRAK- NRAA- NRII- NRJS- NRRA-', '[A-Za-z0-9_-]{19,40}'),
  token('Sentry token', 'sntrys_ sntryu_', '[A-Za-z0-9+/=_-]{40,500}'),
  token('Dynatrace token', 'dt0', '[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}'),
  token('LaunchDarkly key', 'sdk- api-', UUID),
  token('Infracost key', 'ico-', '[A-Za-z0-9]{32}', END),
  token('ReadMe key', 'rdme_', '[a-z0-9]{60,80}'),
  token('EasyPost key', 'EZAK EZTK', '[A-Za-z0-9]{54}'),
  token('Frame.io token', 'fio-u-', '[A-Za-z0-9_=-]{64}'),
]

const MODELS: readonly SecretForm[] = [
  token('OpenAI key', 'sk-proj- sk-svcacct- sk-admin- sk-None-', '[A-Za-z0-9_-]{36,255}'),
  token('Anthropic key', 'sk-ant-', '[A-Za-z0-9]{3,12}-?[A-Za-z0-9_-]{32,255}'),
  token('OpenRouter key', 'sk-or-', 'v1-[0-9a-f]{64}'),
  token('Langfuse key', 'sk-lf-', UUID),
  token('API key', 'sk-', '[A-Za-z0-9]{32,64}', END),
  token('ElevenLabs key', 'sk_', '[0-9a-f]{48}', END),
  token('Hugging Face token', 'hf_ api_org_', '[A-Za-z]{30,40}', '(?![A-Za-z0-9_])'),
  token('Hugging Face token', 'hf_', '[A-Za-z0-9]{34}', END),
  token('Replicate token', 'r8_', '[A-Za-z0-9]{37}', END),
  token('Groq key', 'gsk_', '[A-Za-z0-9]{48,56}', END),
  token('Perplexity key', 'pplx-', '[A-Za-z0-9]{40,56}'),
  token('xAI key', 'xai-', '[A-Za-z0-9]{60,90}'),
  token('NVIDIA key', 'nvapi-', '[A-Za-z0-9_-]{60,70}'),
  token('LangSmith key', 'lsv2_pt_ lsv2_sk_', '[0-9a-f]{32}_[0-9a-f]{10}'),
  token('Pinecone key', 'pcsk_', '[A-Za-z0-9_]{50,80}'),
]

/** Kinds of tokens by the forms that their providers publish, and private keys. */
export const SECRET_FORMS: readonly SecretForm[] = [...KEYS, ...CLOUDS, ...CODE_HOSTS, ...SERVICES, ...MODELS]
