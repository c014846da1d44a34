import type { Command } from '../command.ts'
import { byProgram, type Find, type Rule, writtenBy } from './rule.ts'

/** Files that are run or obeyed later: at a login, at a time, at a start, at a commit. */
const HOME = String.raw`(?:~[^/]*|\/home\/[^/]+|\/root|\/Users\/[^/]+)\/`
const FILES = new RegExp(
  [
    String.raw`^${HOME}\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|inputrc|xprofile|xinitrc|xsession|vimrc|gitconfig|pam_environment|ssh\/(?:authorized_keys2?|rc|environment|config)|config\/(?:autostart|systemd|fish|git\/config)(?:\/|$)?.*)$`,
    String.raw`^${HOME}Library\/Launch(?:Agents|Daemons)\/`,
    String.raw`^\/Library\/Launch(?:Agents|Daemons)\/`,
    String.raw`^\/etc\/(?:cron[^/]*(?:\/|$)|profile$|profile\.d\/|bash\.bashrc$|bashrc$|zsh\/|environment$|rc\.local$|init\.d\/|init\/|systemd\/|ld\.so\.preload$|ld\.so\.conf|xdg\/autostart|inittab$|anacrontab$|update-motd\.d\/|udev\/|apt\/apt\.conf\.d\/|ssh\/)`,
    String.raw`^\/(?:usr\/)?lib\/systemd\/`,
    String.raw`^\/var\/spool\/(?:cron|at)`,
    String.raw`(?:^|\/)\.ssh\/authorized_keys2?$`,
    String.raw`(?:^|\/)\.git\/hooks\/(?![^/]*\.sample$)`,
  ].join('|'),
)

/** Words that make a program keep something running. */
const WAYS: ReadonlyArray<[RegExp, RegExp]> = [
  [/^crontab$/, /^(?!.*(?:^| )-[lr]\b)(?:.|$)/],
  [/^(?:at|batch)$/, /^(?!.*(?:^| )-[lrdVc]\b)/],
  [/^systemctl$/, /(?:^| )(?:enable|reenable|link|edit|set-default|preset)(?: |$)/],
  [/^launchctl$/, /^(?:load|bootstrap|submit|enable)\b/],
  [/^(?:update-rc\.d|chkconfig|rc-update|initctl)$/, /\b(?:defaults|enable|on|add)\b/],
  [/^loginctl$/, /\benable-linger\b/],
  [/^systemd-run$/, /--on-(?:calendar|active|boot|startup|unit)/],
  [/^schtasks$/, /\/create\b/i],
  [/^reg$/, /\badd\b.*\\(?:Run|RunOnce|Winlogon|Services)\b/i],
  [/^ssh-copy-id$/, /^/],
  [/^pm2$/, /^startup\b/],
  [
    /^git$/,
    /\bconfig\b.*--(?:global|system)\b.*(?:core\.(?:hooksPath|pager|editor|sshCommand|fsmonitor)|alias\.\S+|init\.templateDir|include\.path|credential\.helper)\s+\S/i,
  ],
]
const waysOf = byProgram(WAYS)

function persistence(command: Command): string | undefined {
  const { name = '' } = command
  const file = writtenBy(command).find((path) => FILES.test(path))
  if (file) return `${name} ${file.replaceAll('\0', '…')}`
  return waysOf(name).some(([, words]) => words.test(command.line)) ? name : undefined
}

export const persists: Rule = {
  rule: 'shell_persists',
  message: 'A command would make something run again after the run has ended.',
  remedy: 'Run it once in a step of its own, or wait for the review.',
  find: (commands) =>
    commands.flatMap((command): Find[] => {
      const what = persistence(command)
      return what === undefined ? [] : [{ command, severity: 'HIGH', what }]
    }),
}
