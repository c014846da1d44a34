import type { Command } from '../command.ts'
import { operandsOf, setOf } from '../options.ts'
import { byProgram, type Find, type Rule, writtenBy } from './rule.ts'

const ALWAYS = setOf(
  'sudo doas su pkexec run0 runuser sudoedit visudo nsenter insmod modprobe rmmod kexec setcap chpasswd useradd adduser usermod groupadd gpasswd passwd newgrp vipw',
)
const MODULES_LISTED = /(?:^| )(?:-l|--list|-n|--dry-run|--show-depends|-V|--version|--help|-D)(?: |$)/

/** Words that make a program give more rights than there were. */
const WAYS: ReadonlyArray<[RegExp, RegExp]> = [
  [/^chmod$/, /(?:^| )(?:[ugoa]*[+=][rwxXt]*s[rwxXt]*|[2467][0-7]{3}|0[2467][0-7]{3}|[ugoa,+=rwx]*\+s)(?: |$)/],
  [
    /^(?:docker|podman|nerdctl)$/,
    /--privileged\b|--cap-add[= ](?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|CAP_SYS_\w+)|--(?:pid|ipc|userns|uts)[= ]host\b|--security-opt[= ]\S*(?:unconfined|disable)|(?:-v|--volume|--mount)[= ](?:\S*(?:source|src)=)?(?:\/|~|\/etc|\/root|\/var\/run\/docker\.sock|\/run\/docker\.sock|\/proc|\/sys|\/dev|\/home)(?::|,)|--device[= ]\/dev\/(?!dri|snd|video)/,
  ],
  [/^(?:kubectl|oc)$/, /\bcluster-admin\b|"?privileged"?\s*[:=]\s*true|hostPID|hostNetwork/],
  [/^(?:u?mount|losetup)$/, /(?:^| )(?:\/|~|-o |--bind|-t |LABEL=|UUID=|--move|-a\b)/],
  [/^sysctl$/, /(?:^| )(?:-w|--write|-p|--system)\b|^\S+=\S/],
  [/^unshare$/, /(?:^| )(?:-\w*r|--map-root-user)\b/],
  [
    /^aws$/,
    /\biam\s+(?:attach-\w+-policy|put-\w+-policy|create-access-key|add-user-to-group|create-login-profile|update-assume-role-policy)\b/,
  ],
  [/^gcloud$/, /\badd-iam-policy-binding\b/],
  [/^az$/, /\brole\s+assignment\s+create\b/],
  [/^gdb$/, /(?:^| )(?:-p|--pid)/],
  [/^(?:dscl|net|net1)$/, /\blocalgroup\s+administrators\b|\/add\b|-append\b.*admin/i],
  [/^debugfs$/, /\/dev\//],
]
const waysOf = byProgram(WAYS)

const RIGHTS_FILES =
  /^\/etc\/(?:sudoers(?:$|\.d\/)|passwd$|shadow$|group$|gshadow$|polkit-1\/|pam\.d\/|security\/|doas\.conf$)|^\/proc\/sys\/kernel\/(?:core_pattern|modprobe)$|^\/proc\/sys\/net\//

function escalation(command: Command): string | undefined {
  const { name = '' } = command
  const line = command.line
  if (ALWAYS.has(name)) {
    if (/^(?:sudo|su|doas|passwd|usermod|useradd)$/.test(name) && /^(?:--version|-V|--help|-h|-S)$/.test(line))
      return undefined
    return MODULES_LISTED.test(line) && /mod/.test(name) ? undefined : name
  }
  if (/^(?:u?mount)$/.test(name) && operandsOf(command.shapes, setOf('-t -o')).length === 0) return undefined
  if (waysOf(name).some(([, words]) => words.test(line))) return name
  const file = writtenBy(command).find((path) => RIGHTS_FILES.test(path))
  return file && `${name} ${file}`
}

export const escalates: Rule = {
  rule: 'shell_escalates',
  message: 'A command would take more rights than the run has.',
  remedy: 'Do it without further rights, or wait for the review.',
  find: (commands) =>
    commands.flatMap((command): Find[] => {
      const what = escalation(command)
      return what === undefined ? [] : [{ command, severity: 'HIGH', what }]
    }),
}
