import { isIP } from 'node:net'
import { isPrivateAddress } from '@azora/base'
import type { Severity } from '@azora/contracts'
import { runCodeIn } from '../../facts/run-code.ts'
import type { ActionSubject, Detector, Fact } from '../detector.ts'
import { commandsIn } from '../shell/commands.ts'
import { hostsInCode } from './code.ts'
import { collectorAt, isChatHook } from './collectors.ts'
import { reachesByCommand } from './commands.ts'
import { deceptionOf } from './deceptive.ts'
import { tunnelsIn } from './dns.ts'
import { type Find, factOf } from './fact.ts'
import { reachesInFields } from './fields.ts'
import { beaconsIn, reachesByMail } from './messages.ts'
import { payloadsIn } from './payloads.ts'
import type { Reach } from './reach.ts'
import { redirectsOf } from './redirects.ts'
import { bareTarget, isAmong, isLoopback, isUnknown, shownHost } from './targets.ts'

/** What the owner granted, and what the action says that it needs. */
interface Bounds {
  granted: readonly string[]
  named: readonly string[]
  effects: readonly string[]
}

/** Data that would leave the machine by a way that the action doesn't own up to, or to a place that nobody granted. */
export const exfiltration: Detector<ActionSubject> = {
  name: 'exfiltration',
  rules: [
    'hidden_host',
    'deceptive_host',
    'data_upload',
    'dns_tunnel',
    'collector_host',
    'encoded_payload',
    'foreign_remote',
  ],
  find(subject) {
    const { action, scope } = subject
    const commands = commandsIn(subject)
    const bounds = { granted: scope.hosts, named: action.resources.hosts, effects: action.effects }
    const byProgram = [...reachesByCommand(commands), ...reachesByCode(subject)]
    const byCommand = byProgram.filter(({ target }) => !isLoopback(target) || isDisguised(target))
    const reaches = [...byCommand, ...reachesInFields(subject), ...beaconsIn(subject)]
    const mailed = reachesByMail(subject)
    reaches.push(...redirectsOf(reaches, [...bounds.granted, ...bounds.named]))
    const named = bounds.named.length === 0 ? [] : namedReaches(bounds.named)
    const tunnels = tunnelsIn(commands, [...reaches, ...named], bounds.granted)
    if (reaches.length + mailed.length + named.length + tunnels.length === 0) return payloadFacts(subject)
    return [
      ...hiddenHosts(reaches, bounds),
      ...deceptiveHosts([...reaches, ...named], bounds),
      ...uploads([...reaches, ...mailed], bounds),
      ...factOf(
        'dns_tunnel',
        tunnels.map(({ host, ...tunnel }): Find => ({ ...tunnel, what: host, severity: 'CRITICAL' })),
      ),
      ...collectors([...reaches, ...named], bounds),
      ...payloadFacts(subject),
      ...factOf(
        'foreign_remote',
        reaches.flatMap((reach) =>
          reach.foreign === undefined
            ? []
            : find(reach, isAmong(reach.target, bounds.granted) ? 'HIGH' : 'CRITICAL', reach.foreign),
        ),
      ),
    ]
  },
}

const reachesByCode = ({ action, texts }: ActionSubject): Reach[] =>
  runCodeIn(action.skillId, texts).flatMap(({ text, language }) =>
    hostsInCode(text.value, /powershell|pwsh/.test(language) ? 'given' : 'whole').map(
      ({ confidence = 1, ...found }) => ({
        ...found,
        confidence,
        place: { pointer: text.pointer },
      }),
    ),
  )

const isDisguised = ({ host, rawHost }: Reach['target']): boolean => /^[\d.]+$/.test(host) && host !== rawHost

const find = ({ target, place, confidence }: Reach, severity: Severity, note?: string): Find => ({
  what: note === undefined ? shownHost(target) : `${shownHost(target)} (${note})`,
  severity,
  confidence,
  place,
})

/** Private addresses are left to the detector of those. */
const namedReaches = (hosts: readonly string[]): Reach[] =>
  hosts.flatMap((host) => {
    const target = bareTarget(host)
    return target && !(isIP(target.host) && isPrivateAddress(target.host))
      ? [{ target, load: 'nothing' as const, confidence: 1, place: { pointer: () => '(resources)' } }]
      : []
  })

const NO_HOST = /\.invalid$/

/** A host that the owner granted may be reached, but people should see that the action doesn't say so. */
function hiddenHosts(reaches: readonly Reach[], { granted, named }: Bounds): Fact[] {
  const hidden = reaches.filter(
    ({ target }) => !isUnknown(target) && !NO_HOST.test(target.host) && !isAmong(target, named),
  )
  return factOf(
    'hidden_host',
    hidden.map((reach) => find(reach, reach.mild || isAmong(reach.target, granted) ? 'HIGH' : 'CRITICAL')),
  )
}

function deceptiveHosts(reaches: readonly Reach[], { granted, named }: Bounds): Fact[] {
  return factOf(
    'deceptive_host',
    reaches.flatMap((reach) => {
      const trick = isUnknown(reach.target) ? undefined : deceptionOf(reach.target, [...granted, ...named])
      return trick === undefined ? [] : [find(reach, 'CRITICAL', trick)]
    }),
  )
}

function uploads(reaches: readonly Reach[], { granted, effects }: Bounds): Fact[] {
  return factOf(
    'data_upload',
    reaches.flatMap((reach) => {
      const { load, target, tunnel = false } = reach
      if (load === 'nothing' && !tunnel) return []
      // Where an address can't be known, people tell whether the data may go there.
      if (isUnknown(target)) return load === 'files' ? [{ ...find(reach, 'HIGH'), confidence: 0.6 }] : []
      if (reach.mild) return [find(reach, 'HIGH')]
      if (!isAmong(target, granted)) return [find(reach, 'CRITICAL', tunnel ? 'a tunnel' : undefined)]
      const isOpen = effects.includes('external') && !tunnel
      return isOpen || load === 'text' ? [] : [find(reach, 'HIGH', tunnel ? 'a tunnel' : undefined)]
    }),
  )
}

function collectors(reaches: readonly Reach[], { granted }: Bounds): Fact[] {
  return factOf(
    'collector_host',
    reaches.flatMap((reach) => {
      const isGranted = isAmong(reach.target, granted)
      const kind = collectorAt(reach.target.host) ?? (isGranted ? undefined : chatHook(reach))
      return kind === undefined ? [] : [find(reach, isGranted ? 'HIGH' : 'CRITICAL', kind)]
    }),
  )
}

const chatHook = ({ target }: Reach): string | undefined =>
  isChatHook(target.host, target.rest) ? "a chat's webhook" : undefined

const payloadFacts = (subject: ActionSubject): Fact[] =>
  factOf(
    'encoded_payload',
    payloadsIn(subject).map(({ pointer, what, start, end, misplaced }) => ({
      what: `${pointer()}: ${what}`,
      severity: misplaced ? 'CRITICAL' : 'HIGH',
      confidence: misplaced ? 0.95 : 0.8,
      place: { pointer, span: { start, end } },
    })),
  )
