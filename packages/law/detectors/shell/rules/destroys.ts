import type { ActionSubject } from '../../detector.ts'
import type { Command } from '../command.ts'
import { codeOf, isInterpreter } from '../one-liners.ts'
import { hasOption, operandsOf, setOf } from '../options.ts'
import { resolve, zoneOf } from '../paths.ts'
import { cloudDestroys } from './cloud.ts'
import { databaseDestroys } from './databases.ts'
import { deletes, isSystem } from './deletes.ts'
import { type Find, type Rule, shown, writtenBy } from './rule.ts'

const HARMLESS_DEVICE =
  /^\/dev\/(?:null|zero|full|u?random|std(?:in|out|err)|tty\w*|fd(?:\/|$)|shm\/|tcp\/|udp\/|pts\/|ptmx$|kmsg$|console$)/

const isDevice = (path: string): boolean => path.startsWith('/dev/') && !HARMLESS_DEVICE.test(path)

/** Programs that make or take away file systems and volumes. */
const FORMATTERS =
  /^(?:mkfs(?:\..*)?|mke2fs|mkswap|wipefs|blkdiscard|sgdisk|sfdisk|fdisk|cfdisk|gdisk|parted|diskpart)$/
const ASKS_ONLY = /(?:^| )(?:-l|--list|--help|-h|-V|--version|-n|--no-act|print)(?: |$)/

/** Words after a program that make it destroy volumes, backups or accounts. */
const VOLUMES: Readonly<Record<string, RegExp>> = {
  cryptsetup: /\b(?:luksFormat|luksErase|erase)\b/,
  lvremove: /^/,
  vgremove: /^/,
  pvremove: /^/,
  zpool: /\b(?:destroy|labelclear)\b/,
  zfs: /\bdestroy\b/,
  mdadm: /--(?:zero-superblock|stop|remove)\b/,
  btrfs: /\bsubvolume\s+delete\b/,
  nvme: /\b(?:format|sanitize)\b/,
  hdparm: /--(?:security-erase|trim-sector)/,
  diskutil: /\b(?:erase|partition|secureErase)/i,
  vssadmin: /\bdelete\s+shadows\b/i,
  wbadmin: /\bdelete\b/i,
  userdel: /(?:^| )(?:-[a-z]*r|--remove)\b/,
  format: /^[a-z]:/i,
}

function devices(command: Command): Find[] {
  const { name = '' } = command
  const line = command.line
  const found = writtenBy(command)
    .filter(isDevice)
    .map((path): Find => ({ command, severity: 'CRITICAL', what: `${name} ${shown(path)}` }))
  if (FORMATTERS.test(name) && !ASKS_ONLY.test(line)) {
    const target = operandsOf(command.shapes, setOf('-t -L -b -T -O -E -U -i -m')).find((word) =>
      /^(?:\/|~|\0)/.test(word),
    )
    const onImage = target === undefined || /^\/tmp\//.test(target)
    if (!onImage) found.push({ command, severity: 'CRITICAL', what: `${name} ${shown(target)}` })
  }
  if (Object.hasOwn(VOLUMES, name) && VOLUMES[name]?.test(line)) {
    found.push({ command, severity: 'CRITICAL', what: name })
  }
  return found
}

const RUINERS = setOf('truncate mv cp install chmod chown chgrp chattr setfacl rsync')
const RUINER_OPTIONS = setOf('-s -r -m -o -g -t --size --reference --mode')

/** Emptying, moving away or opening up what belongs to the system or to people. */
function ruins(command: Command, { scope }: ActionSubject): Find[] {
  const { name = '', cwd } = command
  const words = command.shapes
  const zone = (path: string): string => zoneOf(path, cwd, scope)
  const find = (path: string): Find => ({ command, severity: 'CRITICAL', what: `${name} ${shown(path)}` })
  const emptied = command.redirections
    .filter(({ operator, target }) => (operator === '>' || operator === '>|') && zone(target.shape) === 'beyond')
    .map(({ target }) => target.shape)
    .filter((path) => isSystem(resolve(cwd, path)) && !path.startsWith('/dev/') && !/^\/(?:proc|sys)\//.test(path))
  const found = emptied.map(find)
  if (!RUINERS.has(name)) return found
  const operands = operandsOf(words, RUINER_OPTIONS)
  if (name === 'truncate') found.push(...operands.filter((path) => zone(path) === 'beyond').map(find))
  if (name === 'mv' && operands.length > 1) {
    const away = /^\/dev\/null$/.test(operands.at(-1) ?? '')
    found.push(
      ...operands
        .slice(0, -1)
        .filter((path) => (away || isWide(resolve(cwd, path))) && (away || zone(path) === 'beyond'))
        .map(find),
    )
  }
  if ((name === 'cp' || name === 'install') && operands[0] === '/dev/null') {
    found.push(
      ...operands
        .slice(1)
        .filter((path) => zone(path) === 'beyond')
        .map(find),
    )
  }
  if (/^(?:chmod|chown|chgrp|chattr|setfacl)$/.test(name) && hasOption(words, 'R', '--recursive')) {
    found.push(
      ...operands
        .slice(1)
        .filter((path) => isWide(resolve(cwd, path)))
        .map(find),
    )
  }
  if (name === 'rsync' && words.some((word) => word.startsWith('--delete'))) {
    found.push(
      ...operands
        .slice(-1)
        .filter((path) => zone(path) === 'beyond')
        .map(find),
    )
  }
  return found
}

/** The root, a folder of the system, or a whole home. */
const isWide = (path: string): boolean =>
  path === '~' || /^\/(?:\*|home(?:\/[^/]*)?|Users(?:\/[^/]*)?|mnt|srv|var)?$/.test(path) || isSystem(path)

const REMOVAL_CALL =
  /\b(?:rmtree|rmSync|rmdirSync|unlinkSync|rm_rf|rm_r|remove_entry|remove_tree|rmtree_sync|FileUtils\.rm\w*|fs\.(?:promises\.)?(?:rm|unlink|rmdir)|os\.(?:remove|unlink|removedirs|rmdir)|unlink|File\.delete|Deno\.remove\w*|Remove-Item)\b[^\n;]{0,40}?(?:(["'])([^"'\n]{1,200})\1|(Path\.home\(\)|homedir\(\)|environ|process\.env\.HOME|ENV\b|Dir\.home))/g

/** Removal calls in the program of an interpreter. */
function inCode(command: Command, { scope }: ActionSubject): Find[] {
  const { name = '', cwd } = command
  if (!isInterpreter(name)) return []
  const code = codeOf(name, command.shapes, command.input)
  if (!code) return []
  const found: Find[] = []
  for (const [, , path, home] of code.slice(0, 20_000).matchAll(REMOVAL_CALL)) {
    if (home !== undefined || (path !== undefined && zoneOf(path, cwd, scope) === 'beyond')) {
      found.push({ command, severity: 'CRITICAL', what: `${name} ${shown(path ?? '~')}`, confidence: 0.9 })
    }
  }
  return found
}

export const destroys: Rule = {
  rule: 'shell_destroys',
  message: 'A command would destroy what can not be restored.',
  remedy: 'Delete only below the workspace, by a path that is written out; leave the rest to people.',
  find: (commands, subject) =>
    commands.flatMap((command) => [
      ...deletes(command, subject),
      ...devices(command),
      ...ruins(command, subject),
      ...inCode(command, subject),
      ...databaseDestroys(command),
      ...cloudDestroys(command),
    ]),
}
