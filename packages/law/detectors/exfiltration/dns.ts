import type { Command } from '../shell/commands.ts'
import { carriesData } from './names.ts'
import type { Place, Reach } from './reach.ts'
import { bareTarget, isAmong, knownEnd } from './targets.ts'

const ASKS =
  /^(?:dig|nslookup|host|drill|kdig|delv|dog|doggo|q|resolvectl|systemd-resolve|getent|ping|ping6|fping|traceroute|tracepath|mtr|nping|hping3|whois|resolve-dnsname|arping)(?:\.exe)?$/
const TUNNEL_PROGRAMS =
  /^(?:iodined?|dnscat2?|dnscat2-.*|dns2tcpc?|dnsteal|dnsexfiltrator|ptunnel(?:-ng)?|icmpsh|icmptunnel|hans|chisel|dnstt-client|slipstream-client)(?:\.py)?$/
const NAME = /^[^\s/:]+\.[a-z][\w-]*\.?$/i
const HOLE = '\0'

export interface Tunnel {
  host: string
  confidence: number
  place: Place
}

/** Data that leaves in the names that are looked up, or in the packets of ping. */
export function tunnelsIn(
  commands: readonly Command[],
  reaches: readonly Reach[],
  granted: readonly string[],
): Tunnel[] {
  const looked = commands.filter(({ origin }) => !origin.written).flatMap((command) => tunnelsOf(command, granted))
  const reached = reaches
    .filter(({ target }) => carriesData(target.host))
    .map(({ target, place, confidence }) => ({ host: target.host, confidence, place }))
  const computed = reaches
    .filter(
      ({ target }) =>
        target.host.includes(HOLE) && knownEnd(target.host).includes('.') && !isUnderGranted(target.host, granted),
    )
    .filter(({ target, place }) =>
      commands.some(
        ({ feeds, origin, words }) =>
          origin.span === place.span && feeds.length > 0 && words.some(({ shape }) => shape === target.raw),
      ),
    )
    .map(({ target, place }) => ({ host: knownEnd(target.host), confidence: 0.9, place }))
  return [...looked, ...reached, ...computed]
}

function tunnelsOf({ name = '', words, origin, feeds }: Command, granted: readonly string[]): Tunnel[] {
  const place = { pointer: origin.pointer, ...(origin.span ? { span: origin.span } : {}) }
  const shapes = words.slice(1).map(({ shape }) => shape)
  if (TUNNEL_PROGRAMS.test(name))
    return [{ host: shapes.filter((shape) => NAME.test(shape)).at(-1) ?? name, confidence: 1, place }]
  if (!ASKS.test(name)) return []
  const names = shapes.filter(
    (shape) => !shape.startsWith('-') && !shape.startsWith('+') && NAME.test(shape.replace(/^@/, '')),
  )
  const found = names.flatMap((asked): Tunnel[] => {
    const host = asked.toLowerCase().replace(/^@/, '').replace(/\.$/, '')
    if (carriesData(host)) return [{ host: host.slice(-60), confidence: 1, place }]
    const isComputed = host.includes(HOLE) && knownEnd(host).includes('.') && !isUnderGranted(host, granted)
    return isComputed ? [{ host: knownEnd(host), confidence: feeds.length > 0 ? 1 : 0.9, place }] : []
  })
  return [...found, ...paddedPing(name, shapes, place)]
}

/** `ping -p`, whose pattern fills the packets. */
function paddedPing(name: string, shapes: readonly string[], place: Place): Tunnel[] {
  if (!/^(?:ping6?|fping|hping3|nping)(?:\.exe)?$/.test(name)) return []
  const at = shapes.findIndex((shape) => /^(?:-p|--pattern|--data|--data-string|-e|--file|-E|--sign)$/.test(shape))
  const pattern = at < 0 ? '' : (shapes[at + 1] ?? '')
  const isData =
    pattern.includes(HOLE) || /^[0-9a-f]{8,}$/i.test(pattern) || (name.startsWith('hping') && /^\D/.test(pattern))
  return isData ? [{ host: shapes.at(-1)?.replaceAll(HOLE, '…') ?? name, confidence: 0.95, place }] : []
}

function isUnderGranted(host: string, granted: readonly string[]): boolean {
  const end = knownEnd(host)
  const target = bareTarget(end)
  return (target !== undefined && isAmong(target, granted)) || granted.some((name) => end.endsWith(`.${name}`))
}
