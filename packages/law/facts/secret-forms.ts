/** A kind of secret that can be told from other text by its form. */
export interface SecretForm {
  readonly kind: string
  /** Global. Its first group is the secret where the match holds more than that. */
  readonly pattern: RegExp
}

/** A token may follow any character but a letter or digit, unless that letter ends an escape such as `\n`. */
const START = String.raw`(?<![A-Za-z0-9](?<!\\[nrt]))`
const END = '(?![A-Za-z0-9])'

/** Beginnings of the forms, so that most texts are done with after one look. */
const beginnings: string[] = []

function token(kind: string, beginning: string, rest: string, end = ''): SecretForm {
  beginnings.push(beginning)
  return { kind, pattern: new RegExp(`${START}${beginning}${rest}${end}`, 'g') }
}

function anywhere(kind: string, beginning: string, pattern: RegExp): SecretForm {
  beginnings.push(beginning)
  return { kind, pattern }
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

const KEYS: readonly SecretForm[] = [
  anywhere(
    'private key',
    '-----[Bb]',
    /-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{40,}[A-Za-z0-9+/=\s\\-]*/gi,
  ),
  anywhere(
    'private key',
    'PuTTY-User',
    /PuTTY-User-Key-File-\d[\s\S]{1,4000}?Private-Lines: \d+\s+[A-Za-z0-9+/=\s]{40,}/g,
  ),
  anywhere('private key', '"kty"', /"kty"[^{}]{1,4000}?"d"\s{0,9}:\s{0,9}"[A-Za-z0-9_-]{32,}"/g),
  anywhere('private key', '"d"', /"d"\s{0,9}:\s{0,9}"[A-Za-z0-9_-]{32,2000}"[^{}]{1,4000}?"kty"/g),
  token('age key', 'AGE-SECRET-KEY-1', '[0-9A-Z]{50,64}'),
]

const CLOUDS: readonly SecretForm[] = [
  token('AWS access key', '(?:AKIA|ASIA|ABIA)', '(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}', END),
  anywhere(
    'AWS secret key',
    '[Ss][Ee][Cc][Rr][Ee][Tt]',
    /aws_?secret_?(?:access_?)?key["']?\s{0,9}[:=]\s{0,9}["']?((?![A-Za-z0-9/+]{30}EXAMPLEKEY)[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/gi,
  ),
  token('AWS Bedrock key', 'ABSK', '[A-Za-z0-9+/]{100,270}={0,2}'),
  token('Google API key', 'AIza', '[A-Za-z0-9_-]{33,37}', END),
  token('Google client secret', 'GOCSPX-', '[A-Za-z0-9_-]{28}'),
  token('Google access token', 'ya29\\.', '[A-Za-z0-9_-]{20,2000}'),
  token('Google refresh token', '1//0', '[A-Za-z0-9_-]{30,200}'),
  anywhere('Azure storage key', 'Account[Kk]ey', /AccountKey=([A-Za-z0-9+/]{43,86}={0,2})/gi),
  anywhere('Azure access key', 'SharedAccess', /SharedAccess(?:Key|Signature)=([A-Za-z0-9+/% =&]{30,300})/g),
  anywhere('Azure signature', 'sig=', /[?&]s[a-z]{1,2}=[^\s"']{1,600}?[?&]sig=([A-Za-z0-9+/%]{40,120})/g),
  anywhere(
    'Azure client secret',
    '\\dQ~',
    /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g,
  ),
  token('Alibaba access key', 'LTAI', '[A-Za-z0-9]{16,24}', END),
  token('DigitalOcean token', 'do[opr]_v1_', '[0-9a-f]{64}'),
  token('Heroku key', 'HRKU-', '[A-Za-z0-9_-]{36,80}'),
  token('Fly token', 'fo1_', '[A-Za-z0-9_-]{40,200}'),
  token('Fly token', 'fm[12]_', '[A-Za-z0-9+/=,_-]{40,2000}'),
  token('Netlify token', 'nf[pcuob]_', '[A-Za-z0-9]{36,60}'),
  token('Vercel token', 'vc[pikra]_', '[A-Za-z0-9]{24,80}'),
  token('Render key', 'rnd_', '[A-Za-z0-9]{28,40}'),
  token('Supabase key', 'sb(?:p_|_secret_)', '[A-Za-z0-9_-]{30,60}'),
  token('PlanetScale token', 'pscale_(?:tkn|pw|oauth)_', '[A-Za-z0-9_.=-]{32,64}'),
  token('Databricks token', 'dapi', '[0-9a-f]{32}'),
  token('Yandex key', 'AQVN', '[A-Za-z0-9_-]{35,38}'),
  token('Tailscale key', 'tskey-', '[a-z]{3,12}-[A-Za-z0-9-]{16,80}'),
]

const CODE_HOSTS: readonly SecretForm[] = [
  token('GitHub token', 'gh[pousr]_', '[A-Za-z0-9]{36,255}'),
  token('GitHub token', 'github_pat_', '[A-Za-z0-9_]{22,255}'),
  token('GitLab token', 'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-', '[A-Za-z0-9_-]{20,300}'),
  token('GitLab runner token', 'GR1348941', '[A-Za-z0-9_-]{20}'),
  token('Bitbucket token', 'ATBB', '[A-Za-z0-9]{28,40}', END),
  token('Atlassian token', 'AT[AC]TT3xFf', '[A-Za-z0-9+/=_-]{60,300}'),
  token('npm token', 'npm_', '[A-Za-z0-9]{36}', END),
  token('PyPI token', 'pypi-', 'AgE[A-Za-z0-9_-]{50,1000}'),
  token('RubyGems key', 'rubygems_', '[0-9a-f]{48}'),
  token('crates.io token', 'cio', '[A-Za-z0-9]{32}', END),
  token('NuGet key', 'oy2', '[a-z0-9]{43}', END),
  token('Clojars token', 'CLOJARS_', '[a-z0-9]{60}'),
  token('Docker token', 'dckr_[op]at_', '[A-Za-z0-9_-]{24,40}'),
  token('JFrog key', 'AKCp', '[A-Za-z0-9]{60,80}'),
  token('JFrog token', 'cmVmdGtu', '[A-Za-z0-9]{50,60}'),
  token('CircleCI token', 'CCIP(?:AT|RJ)_', '[A-Za-z0-9_]{30,100}'),
  token('Buildkite token', 'bk[a-z]{2}_', '[0-9a-f]{40}'),
  token('SonarQube token', 'sq[pua]_', '[0-9a-f]{40}'),
  token('Sourcegraph token', 'sgp_', '(?:[A-Za-z0-9]{1,20}_)?[0-9a-f]{40}'),
  anywhere('Terraform token', 'atlasv1', /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g),
  token('Vault token', 'hv[sbr]\\.', '[A-Za-z0-9_-]{24,300}'),
  token('Doppler token', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.', '[A-Za-z0-9._-]{40,80}'),
  token('Pulumi token', 'pul-', '[0-9a-f]{40}'),
  token('1Password token', 'ops_eyJ', '[A-Za-z0-9+/_=-]{100,3000}'),
  token('Postman key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'),
  token('Prefect key', 'pn[ub]_', '[A-Za-z0-9]{36}'),
]

const SERVICES: readonly SecretForm[] = [
  token('Slack token', 'xox[abeoprs]-', '[A-Za-z0-9-]{20,255}'),
  token('Slack token', 'xoxe\\.xox[bp]-', '[A-Za-z0-9-]{20,255}'),
  token('Slack app token', 'xapp-', '\\d-[A-Z0-9]{8,14}-\\d{8,16}-[a-f0-9]{30,80}'),
  anywhere(
    'Slack webhook',
    'hooks\\.slack',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{20,255}/g,
  ),
  anywhere(
    'Discord webhook',
    'discord(?:app)?\\.com/api/webhooks',
    /discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[A-Za-z0-9_-]{50,100}/g,
  ),
  anywhere(
    'Discord token',
    '\\.[A-Za-z0-9_-]{6}\\.',
    /(?<![A-Za-z0-9])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9])/g,
  ),
  anywhere(
    'Teams webhook',
    'webhook\\.office',
    /webhook\.office\.com\/webhookb2\/[0-9a-f@-]{36,80}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36}/gi,
  ),
  anywhere('Telegram token', ':AA', /(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{32,33}(?![A-Za-z0-9_-])/g),
  token('Stripe key', '[sr]k_(?:live|test)_', '[A-Za-z0-9]{20,255}'),
  token('Stripe webhook secret', 'whsec_', '[A-Za-z0-9+/=]{20,255}'),
  token('Square token', 'sq0[a-z]{3}-', '[A-Za-z0-9_-]{22,50}'),
  token('Square token', 'EAAA', '[A-Za-z0-9+/=_-]{60,64}', END),
  token('Braintree token', 'access_token\\$production\\$', '[a-z0-9]{16}\\$[0-9a-f]{32}'),
  token('Plaid token', 'access-(?:sandbox|development|production)-', UUID),
  token('Razorpay key', 'rzp_live_', '[A-Za-z0-9]{14,24}'),
  token('Flutterwave key', 'FLWSECK[-_]', '[A-Za-z0-9_-]{24,60}'),
  token('Shopify token', 'shp(?:at|ca|pa|ss)_', '[0-9a-fA-F]{32}'),
  token('SendGrid key', 'SG\\.', '[A-Za-z0-9_-]{20,24}\\.[A-Za-z0-9_-]{39,50}'),
  token('Mailgun key', 'key-', '[0-9a-f]{32}', END),
  anywhere('Mailchimp key', '-us\\d', /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g),
  token('Brevo key', 'xkeysib-', '[0-9a-f]{64}-[A-Za-z0-9]{16}'),
  token('Resend key', 're_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{20,30}'),
  token('Twilio key', 'SK', '[0-9a-f]{32}', END),
  token('HubSpot token', 'pat-(?:na|eu|ap)\\d-', UUID),
  token('Facebook token', 'EAA', '[A-Za-z0-9]{80,300}', END),
  token('X token', 'AAAAAAAAAAAAAAAAAAAA', '[A-Za-z0-9%]{60,120}'),
  token('Linear key', 'lin_(?:api|oauth)_', '[A-Za-z0-9]{32,64}'),
  token('Notion token', 'ntn_', '[A-Za-z0-9]{40,60}'),
  token('Notion token', 'secret_', '[A-Za-z0-9]{43}', END),
  token('Airtable token', 'pat[A-Za-z0-9]{14}\\.', '[0-9a-f]{64}'),
  token('Figma token', 'fig[duor]{1,2}_', '[A-Za-z0-9_-]{38,60}'),
  token('Typeform token', 'tfp_', '[A-Za-z0-9_.=-]{40,80}'),
  token('Dropbox token', 'sl\\.(?:u\\.)?', '[A-Za-z0-9_-]{100,1600}'),
  token('Mapbox token', 'sk\\.eyJ', '[A-Za-z0-9_-]{30,200}\\.[A-Za-z0-9_-]{20,40}'),
  token('Contentful token', 'CFPAT-', '[A-Za-z0-9_-]{43}'),
  token('Grafana token', 'gl(?:c_|sa_)', '[A-Za-z0-9+/=_]{32,400}'),
  token('New Relic key', 'NR(?:AK|AA|II|JS|RA)-', '[A-Za-z0-9_-]{19,40}'),
  token('Sentry token', 'sntry[su]_', '[A-Za-z0-9+/=_-]{40,500}'),
  token('Dynatrace token', 'dt0[a-z]\\d{2}\\.', '[A-Z0-9]{24}\\.[A-Z0-9]{64}'),
  token('LaunchDarkly key', '(?:sdk|api)-', UUID),
  token('Infracost key', 'ico-', '[A-Za-z0-9]{32}', END),
  token('ReadMe key', 'rdme_', '[a-z0-9]{60,80}'),
  token('EasyPost key', 'EZ[AT]K', '[A-Za-z0-9]{54}'),
  token('Frame.io token', 'fio-u-', '[A-Za-z0-9_=-]{64}'),
]

const MODELS: readonly SecretForm[] = [
  token('OpenAI key', 'sk-(?:proj|svcacct|admin|None)-', '[A-Za-z0-9_-]{36,255}'),
  token('Anthropic key', 'sk-ant-', '[A-Za-z0-9]{3,12}-?[A-Za-z0-9_-]{32,255}'),
  token('OpenRouter key', 'sk-or-', 'v1-[0-9a-f]{64}'),
  token('Langfuse key', 'sk-lf-', UUID),
  token('API key', 'sk-', '[A-Za-z0-9]{32,64}', END),
  token('ElevenLabs key', 'sk_', '[0-9a-f]{48}', END),
  token('Hugging Face token', '(?:hf|api_org)_', '[A-Za-z]{30,40}', '(?![A-Za-z0-9_])'),
  token('Hugging Face token', 'hf_', '[A-Za-z0-9]{34}', END),
  token('Replicate token', 'r8_', '[A-Za-z0-9]{37}', END),
  token('Groq key', 'gsk_', '[A-Za-z0-9]{48,56}', END),
  token('Perplexity key', 'pplx-', '[A-Za-z0-9]{40,56}'),
  token('xAI key', 'xai-', '[A-Za-z0-9]{60,90}'),
  token('NVIDIA key', 'nvapi-', '[A-Za-z0-9_-]{60,70}'),
  token('LangSmith key', 'lsv2_(?:pt|sk)_', '[0-9a-f]{32}_[0-9a-f]{10}'),
  token('Pinecone key', 'pcsk_', '[A-Za-z0-9_]{50,80}'),
]

/** Kinds of tokens by the forms that their providers publish, and private keys. */
export const SECRET_FORMS: readonly SecretForm[] = [...KEYS, ...CLOUDS, ...CODE_HOSTS, ...SERVICES, ...MODELS]

/** Every token is in a run of characters that other text seldom has; only those runs are looked at more closely. */
const RUN = /[A-Za-z0-9_.+/=~$:%-]{20}/
const RUNS = /[A-Za-z0-9_.+/=~$:%-]{20,}/g
/** What stands apart from the run of its secret. */
const APART = /-----|PuTTY-U|"kty"|aws/i
const ANY_FORM = new RegExp(beginnings.join('|'))

/** True for every text that one of the forms may be found in, and for few others. */
export function mayHoldForm(text: string): boolean {
  if (text.length < 20 || !RUN.test(text)) return false
  return APART.test(text) || (text.match(RUNS) ?? []).some((run) => ANY_FORM.test(run))
}
