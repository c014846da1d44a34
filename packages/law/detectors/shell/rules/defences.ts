import type { Command } from '../command.ts'
import { hasOption, operandsOf } from '../options.ts'
import { resolve } from '../paths.ts'
import { isSystem } from './deletes.ts'
import { byProgram, type Find, type Rule, writtenBy } from './rule.ts'

const GUARDS =
  /\b(?:firewalld|ufw|iptables|nftables|apparmor|auditd|fail2ban|clamav\S*|clamd|freshclam|falcon\S*|crowdstrike|osqueryd?|wazuh\S*|ossec\S*|rsyslog|syslog\S*|systemd-journald|journald|selinux|snort|suricata|sentinel\w*|mdatp|tripwire|aide|samhain|sysmon|defender|windefend)\b/i

/** Words that turn a guard off. */
const WAYS: ReadonlyArray<[RegExp, RegExp]> = [
  [/^setenforce$/, /^(?:0|permissive)$/i],
  [
    /^(?:systemctl|service|rc-service|sc|sc\.exe|launchctl)$/,
    new RegExp(
      `(?:\\b(?:stop|disable|mask|kill|unload|delete)\\b.*${GUARDS.source})|(?:${GUARDS.source}.*\\bstop\\b)`,
      'i',
    ),
  ],
  [/^(?:pkill|killall|kill)$/, GUARDS],
  [
    /^(?:apt|apt-get|yum|dnf|apk|brew|pacman)$/,
    new RegExp(`\\b(?:remove|purge|uninstall|-R\\w*|del|erase)\\b.*${GUARDS.source}`, 'i'),
  ],
  [/^ufw$/, /\b(?:disable|reset)\b|\bdefault\s+allow\b/],
  [/^ip6?tables$/, /(?:^| )(?:-F|--flush|-X|-Z)(?: |$)|(?:-P|--policy)\s+\w+\s+ACCEPT/],
  [/^nft$/, /\b(?:flush|delete)\s+(?:ruleset|table|chain)\b/],
  [/^pfctl$/, /(?:^| )-d\b|-F\s*all/],
  [/^firewall-cmd$/, /--(?:panic-off|remove-|set-default-zone=trusted)/],
  [/^auditctl$/, /(?:^| )(?:-e\s*0|-D)\b/],
  [/^(?:aa-teardown|aa-disable|aa-complain|apparmor_parser)$/, /^(?!.*--version)/],
  [/^history$/, /(?:^| )-[a-z]*c/],
  [/^set$/, /\+o\s+history\b/],
  [/^unset$/, /\bHIST(?:FILE|SIZE)\b/],
  [/^shopt$/, /-u\b.*histappend/],
  [
    /^(?:export|declare|readonly|local)$/,
    /\b(?:HISTFILE=(?:\/dev\/null)?(?: |$)|HISTSIZE=0\b|HISTFILESIZE=0\b|NODE_TLS_REJECT_UNAUTHORIZED=0|GIT_SSL_NO_VERIFY=(?:1|true)|PYTHONHTTPSVERIFY=0)/,
  ],
  [/^git$/, /\bhttp(?:\.\S+)?\.sslVerify[= ]\s*(?:false|0|no)\b/i],
  [/^(?:npm|yarn|pnpm)$/, /\bconfig\s+set\s+strict-ssl[= ]\s*false\b/],
  [/^pip[\d.]*$/, /\bconfig\s+set\s+\S*trusted-host\b/],
  [/^csrutil$/, /\bdisable\b/],
  [/^spctl$/, /--(?:master|global)-disable/],
  [/^xattr$/, /com\.apple\.quarantine/],
  [
    /^(?:set-mppreference|pwsh|powershell)$/,
    /-Disable\w*\s+\$?true|Set-MpPreference|ExecutionPolicy\s+(?:Bypass|Unrestricted)/i,
  ],
  [/^netsh$/, /\badvfirewall\b.*\boff\b/i],
  [/^sysctl$/, /kernel\.(?:randomize_va_space|yama\.ptrace_scope|kptr_restrict|dmesg_restrict)\s*=\s*0/],
  [/^dmesg$/, /(?:^| )(?:-C|--clear)\b/],
  [/^journalctl$/, /--vacuum-(?:time|size|files)=(?:1s|0|1)\b|--rotate.*--vacuum/],
  [/^wevtutil$/, /\bcl\b/],
  [
    /^gh$/,
    /\bapi\b.*DELETE.*\/protection|\/protection\b.*DELETE|\brule(?:set)?s?\s+delete\b|\bsecret\s+scanning.*disabled/,
  ],
  [/^chattr$/, /(?:^| )-[iaR]*i/],
]
const waysOf = byProgram(WAYS)

const RECORDS =
  /^(?:~[^/]*|\/home\/[^/]+|\/root)\/\.(?:bash|zsh|python|mysql|psql|node_repl)_?history$|^\/var\/log\/|^\/etc\/(?:selinux|apparmor|audit|fail2ban)\/|^\/proc\/sys\/kernel\/(?:randomize_va_space|yama)|^\/etc\/(?:hosts\.(?:allow|deny)|resolv\.conf|hosts)$|^\/sys\/fs\/selinux\/enforce/
const ERASES = new Set(['rm', 'shred', 'truncate', 'unlink', 'srm', 'ln'])
/** Settings of the environment that turn checks off, before a command or by themselves. */
const SETTINGS =
  /^(?:HISTFILE=\/dev\/null|HISTFILE=|HISTSIZE=0|NODE_TLS_REJECT_UNAUTHORIZED=0|GIT_SSL_NO_VERIFY=(?:1|true)|PYTHONHTTPSVERIFY=0)$/

/** Files that everybody may change: of a whole folder, or beyond the workspace. */
function opensUp(command: Command): boolean {
  if (command.name !== 'chmod') return false
  const words = command.shapes
  const line = command.line
  if (!/(?:^| )0?[0-7]{2}[2367](?: |$)|(?:^| |,)[ugo]*[oa][ugo]*[+=][rx]*w/.test(line)) return false
  return (
    hasOption(words, 'R', '--recursive') ||
    operandsOf(words)
      .slice(1)
      .some((path) => isSystem(resolve(command.cwd, path)))
  )
}

function disabling(command: Command): string | undefined {
  const { name = '', assignments } = command
  const line = command.line
  if (waysOf(name).some(([, words]) => words.test(line))) return name
  if (opensUp(command)) return `chmod ${line}`.slice(0, 60)
  if (/^(?:kill|pkill)$/.test(name) && command.feeds.some((feed) => GUARDS.test(feed.line))) return name
  const setting = assignments.find((text) => SETTINGS.test(text))
  if (setting) return setting
  const emptied =
    command.redirections.filter(({ operator }) => operator !== '>>').length > 0 || ERASES.has(name) || name === 'sed'
  const erased = ERASES.has(name) ? command.shapes.slice(1) : []
  const record = [...erased, ...writtenBy(command)].find((path) => RECORDS.test(path))
  return record && emptied ? `${name} ${record}` : undefined
}

export const disablesDefences: Rule = {
  rule: 'shell_disables_defences',
  message: 'A command would turn off or blind what protects the machine.',
  remedy: 'Leave protections and records as they are, or wait for the review.',
  find: (commands) =>
    commands.flatMap((command): Find[] => {
      const what = disabling(command)
      return what === undefined ? [] : [{ command, severity: 'HIGH', what: what.replaceAll('\0', '…') }]
    }),
}
