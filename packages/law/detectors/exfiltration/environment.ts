import type { Command } from '../shell/commands.ts'
import { variablesSetBy } from '../shell/environment.ts'
import { configured, HOME_REGISTRIES } from './publishers.ts'
import type { Load } from './reach.ts'
import { bareTarget, isUnknown, type Target, urlTarget } from './targets.ts'
import type { Found } from './web-clients.ts'

const PROXY = /^(?!no_)(?:\w+_)?(?:https?|all|ftp|socks[45]?|rsync|grpc|wss?)_proxy$/i
/** Where package managers get packages from and publish them to. */
const REGISTRY =
  /^(?:npm_config_(?:\w+_)?registry|(?:YARN|PNPM|BUN|DENO|JSR|NPM|COREPACK)_\w*REGISTRY\w*|(?:PIP|UV|PDM|POETRY|PIPENV|HATCH|FLIT)_\w*(?:INDEX|URL|MIRROR|REPO)\w*|TWINE_REPOSITORY_URL|CARGO_REGISTR\w+_INDEX|RUBYGEMS_HOST|GEM_\w*HOST\w*|BUNDLE_(?:MIRROR|GEM)\w*|GOPROXY|NUGET_\w*SOURCE\w*|HOMEBREW_\w*DOMAIN|CONAN_\w*REMOTE\w*)$/i
/** Where the clients of services send what they are given. */
const SERVICE =
  /^(?:AWS_ENDPOINT_URL\w*|S3_ENDPOINT\w*|MINIO_(?:ENDPOINT|SERVER_URL)|RCLONE_CONFIG_\w+_(?:ENDPOINT|URL|HOST)|HF_ENDPOINT|OTEL_EXPORTER_\w*ENDPOINT|SENTRY_(?:DSN|URL)|(?:OPENAI|ANTHROPIC|GEMINI|MISTRAL|OLLAMA|WANDB|LANGFUSE|LANGSMITH|LANGCHAIN)_(?:BASE_URL|API_BASE|HOST|ENDPOINT)|MLFLOW_TRACKING_URI|CODECOV_URL|DOCKER_HOST|CONTAINER_HOST|BUILDKIT_HOST|VAULT_ADDR|CONSUL_HTTP_ADDR|RESTIC_REPOSITORY|BORG_REPO|GITHUB_(?:API_URL|SERVER_URL)|GH_HOST|GITLAB_HOST|PUSHGATEWAY_URL|STATSD_HOST)$/
const PUBLISHES = /^(?:publish|upload|push|deploy|build|cp|mv|sync|copy|backup|create|run|rcat)$/

/** Where the variables that a command gets make it and others lead. */
export function byVariables(command: Command): Found[] {
  const pairs = variablesSetBy(command)
  if (pairs.length === 0) return []
  const load: Load = command.shapes.some((word) => PUBLISHES.test(word)) ? 'files' : 'nothing'
  return pairs.flatMap(([name, value]) => {
    if (PROXY.test(name)) return toEach(value).map((target): Found => ({ target, load: 'files', foreign: 'a proxy' }))
    if (REGISTRY.test(name)) {
      return toEach(value)
        .filter(({ host }) => !HOME_REGISTRIES.test(host))
        .map((target): Found => ({ target, load, foreign: 'a package registry' }))
    }
    if (SERVICE.test(name)) return toEach(value).map((target): Found => ({ target, load, confidence: 0.9 }))
    const number = /^GIT_CONFIG_KEY_(\d+)$/.exec(name)?.[1]
    const setting = number === undefined ? undefined : pairs.find(([other]) => other === `GIT_CONFIG_VALUE_${number}`)
    return setting ? configured(value, setting[1]) : []
  })
}

/** The addresses in a value; GOPROXY and its kin take several. */
const toEach = (value: string): Target[] =>
  value.split(/[,|\s]+/).flatMap((address) => {
    if (/^(?:unix|npipe|fd|file):/.test(address)) return []
    const target = urlTarget(address.replace(/^(?:rest|sparse\+|git\+):?(?=https?:)/, '')) ?? bareHost(address)
    return target && !isUnknown(target) ? [target] : []
  })

const bareHost = (address: string): Target | undefined =>
  /^[\w.@-]+\.\w+(?::\d+)?(?:\/|$)/.test(address) ? bareTarget(address) : undefined
