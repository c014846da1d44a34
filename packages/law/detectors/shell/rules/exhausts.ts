import type { Command } from '../command.ts'
import { codeOf, isInterpreter } from '../one-liners.ts'
import { setOf } from '../options.ts'
import { OWN_PATH } from '../parameters.ts'
import { type Find, type Rule, redirectedTo, sourcesOf } from './rule.ts'

/** A function that starts itself more than once, in a pipe or in the background. */
const isForkBomb = ({ name, functions, from, background }: Command): boolean =>
  name !== undefined && functions.includes(name) && (from.length > 0 || background)

/** A script that starts itself in the background, or an endless loop that starts programs in the background. */
const multiplies = ({ background, endless, words }: Command): boolean =>
  background && (words[0]?.shape === OWN_PATH || endless)

const FORKS =
  /\bfork\b[^\n]{0,20}\bwhile\b|\bwhile\b[^\n:;{]{0,20}[:{;(]?\s*(?:\w+\.)?fork\b|\bfork\s*\(\s*\)\s*while|\bfork\s*\(\s*\)\s*for\b|(?:while|for)[\s\S]{0,60}\b(?:os\.fork|fork|spawn\w*)\s*\(\s*\)/

const ENDLESS_SOURCES = setOf('yes')
const DOWN = setOf('shutdown reboot halt poweroff killall5 telinit')

/** Sizes of 50 GB and more. */
const HUGE = /\b(?:\d{11,}|(?:[5-9]\d|\d{3,})(?:G|GB|GiB)|\d+(?:T|TB|TiB|P))\b/i

function fills(command: Command): boolean {
  const { name = '' } = command
  const line = command.line
  const toFile = redirectedTo(command).some((path) => !path.startsWith('/dev/'))
  if (toFile && (ENDLESS_SOURCES.has(name) || (name === 'cat' && /\/dev\/(?:zero|u?random)\b/.test(line)))) return true
  if (toFile && name === 'cat' && [...sourcesOf(command)].some((from) => ENDLESS_SOURCES.has(from.name ?? '')))
    return true
  if (/^(?:fallocate|truncate|mkfile)$/.test(name)) return HUGE.test(line)
  if (name === 'dd') return isHugeCopy(line)
  if (name === 'head')
    return HUGE.test(line.replace(/^.*?(?:count=|-c\s*)/, '')) && /\/dev\/(?:zero|u?random)/.test(line)
  if (name === 'stress' || name === 'stress-ng') return true
  return name === 'tail' && /\/dev\/zero\b/.test(line)
}

/** `dd` of 50 GB and more from an endless device, or without an end. */
function isHugeCopy(line: string): boolean {
  if (!/\bif=\/dev\/(?:zero|u?random)\b/.test(line) || !/\bof=(?!\/dev\/)/.test(line)) return false
  const size = (name: string): number | undefined => {
    const [, digits, unit = ''] = new RegExp(`\\b${name}=(\\d{1,12})([kKMGTP]?)`).exec(line) ?? []
    return digits === undefined ? undefined : Number(digits) * 1024 ** ' KMGTP'.indexOf(unit.toUpperCase() || ' ')
  }
  const count = size('count')
  return count === undefined || count * (size('bs') ?? 512) > 50e9
}

const stops = (command: Command): boolean => {
  const { name = '' } = command
  const line = command.line
  if (name === 'systemctl') return /\b(?:poweroff|reboot|halt|kexec|emergency|rescue)\b/.test(line)
  if (name === 'init') return /^[016]$/.test(line)
  if (name === 'kill') return /(?:^| )-1$/.test(line) && command.shapes.length > 2
  if (DOWN.has(name)) return !/(?:^| )(?:-c|--help)\b/.test(line)
  return /^\/proc\/sysrq-trigger$/.test(redirectedTo(command)[0] ?? '')
}

const forksInCode = (command: Command): boolean => {
  const { name = '' } = command
  return isInterpreter(name) && FORKS.test((codeOf(name, command.shapes, command.input) ?? '').slice(0, 20_000))
}

export const exhausts: Rule = {
  rule: 'shell_exhausts',
  message: 'A command would use up or stop the machine.',
  remedy: 'Bound what it starts and writes, and leave stopping the machine to people.',
  find: (commands) =>
    commands.flatMap((command): Find[] => {
      if (isForkBomb(command) || multiplies(command) || forksInCode(command)) {
        return [{ command, severity: 'CRITICAL', what: 'starts itself without end' }]
      }
      if (fills(command)) return [{ command, severity: 'CRITICAL', what: `${command.name} fills the disk or memory` }]
      return stops(command) ? [{ command, severity: 'HIGH', what: `${command.name} stops the machine` }] : []
    }),
}
