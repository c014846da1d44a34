import type { Command } from '../command.ts'
import { byProgram, type Find } from './rule.ts'

/** Ways to destroy through the programs of clouds and clusters: the program, its words, and how grave it is. */
const WAYS: ReadonlyArray<[RegExp, RegExp, Find['severity']]> = [
  [/^aws$/, /\bs3\s+(?:rm\b.*--recursive|rb\b.*--force)/, 'CRITICAL'],
  [
    /^aws$/,
    /\b(?:delete-(?:bucket|db-instance|db-cluster|table|stack|cluster|volume|snapshot|user|key-pair|hosted-zone)|terminate-instances|schedule-key-deletion)\b/,
    'CRITICAL',
  ],
  [
    /^(?:gsutil|gcloud)$/,
    /\b(?:rm\s+.*-r\b|-m\s+rm\b|storage\s+rm\b.*(?:-r\b|--recursive)|rb\b|(?:projects|instances|clusters|databases|buckets|disks|snapshots)\s+delete\b)/,
    'CRITICAL',
  ],
  [/^az$/, /\b(?:group|vm|storage account|sql (?:db|server)|aks|keyvault)\s+(?:delete|purge)\b/, 'CRITICAL'],
  [/^(?:terraform|tofu|terragrunt|pulumi|cdk|cdktf)$/, /^(?:\S+\s+)*?destroy\b|\bapply\b.*-destroy\b/, 'CRITICAL'],
  [
    /^(?:kubectl|oc)$/,
    /\bdelete\s+(?:ns|namespaces?|pvc?|persistentvolume\w*|nodes?|crd)\b|\bdelete\b.*(?:--all\b|-A\b|--all-namespaces\b)/,
    'CRITICAL',
  ],
  [/^helm$/, /\b(?:uninstall|delete)\b/, 'HIGH'],
  [/^(?:docker|podman)$/, /\b(?:system\s+prune\b.*--volumes|volume\s+(?:rm|prune))\b/, 'HIGH'],
  [/^(?:docker-compose|docker|podman-compose)$/, /\bdown\b.*(?:-v\b|--volumes\b)/, 'HIGH'],
  [/^gh$/, /\brepo\s+delete\b|\bapi\b.*(?:-X\s*|--method[ =])DELETE\b.*\/?repos\//, 'CRITICAL'],
  [/^heroku$/, /\b(?:apps:destroy|pg:reset|addons:destroy)\b/, 'CRITICAL'],
  [/^(?:vercel|netlify|fly|flyctl|doctl)$/, /\b(?:remove|rm|sites:delete|destroy|apps\s+destroy|delete)\b/, 'HIGH'],
  [/^npm$/, /\bunpublish\b/, 'CRITICAL'],
  [/^cargo$/, /\byank\b/, 'HIGH'],
  [/^(?:rclone)$/, /\b(?:purge|delete)\b/, 'CRITICAL'],
  [/^(?:mc|s3cmd)$/, /\b(?:rm|rb|del)\b.*(?:--recursive|--force|-r\b)/, 'CRITICAL'],
  [/^crontab$/, /(?:^| )-r\b/, 'HIGH'],
]
const waysOf = byProgram(WAYS)

/** Rehearsals. */
const DRY = /--dry-?run\b|--help\b|(?:^| )-h(?: |$)/

export function cloudDestroys(command: Command): Find[] {
  const { name } = command
  if (name === undefined) return []
  const line = command.line.slice(0, 2_000)
  const way = waysOf(name).find(([, words]) => words.test(line))
  if (!way || DRY.test(line)) return []
  const [, , severity] = way
  return [
    { command, severity, what: `${name} ${line.split(' ').slice(0, 3).join(' ').replaceAll('\0', '…')}`.slice(0, 60) },
  ]
}
