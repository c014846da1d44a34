import { Severity, type Span } from '@azora/contracts'
import { type Fact, factAbout } from '../detector.ts'
import type { Place } from './reach.ts'

/** One thing that speaks against the action. */
export interface Find {
  what: string
  severity: Severity
  confidence: number
  place: Place
}

const WORDING: Readonly<Record<string, { message: string; remedy: string }>> = {
  hidden_host: {
    message: 'It would reach a host that the action does not name.',
    remedy: "Use a skill that names the host among its resources, and ask the run's owner to grant it.",
  },
  deceptive_host: {
    message: 'It would reach a host whose address is made to look like another one.',
    remedy: 'Write the address plainly; check whether this host is really the one that is meant.',
  },
  data_upload: {
    message: 'It would carry data to a host that is not granted, or without saying that it does.',
    remedy: "Keep the data here, or ask the run's owner to grant the host and use a skill with an external effect.",
  },
  dns_tunnel: {
    message: 'It would carry data in the names or packets of a network test.',
    remedy: 'Look up plain names only.',
  },
  collector_host: {
    message: 'It would reach a service that hands over whatever it receives.',
    remedy: 'Hand the result over as an output of the run.',
  },
  encoded_payload: {
    message: 'It would send data in a form that people can not read.',
    remedy: 'Send the data as it is, or as a file of a declared type.',
  },
  foreign_remote: {
    message: 'It would add or fill a place that other people publish from.',
    remedy: "Use the remote, registry or bucket that the run's owner set up.",
  },
}

const MAX_SPANS = 8

/** One fact for all finds of a rule, as grave as the gravest and as sure as the surest of those. */
export function factOf(rule: string, finds: readonly Find[]): Fact[] {
  const severity = Severity.options.find((level) => finds.some((find) => find.severity === level))
  const wording = WORDING[rule]
  if (severity === undefined || wording === undefined) return []
  const confidence = Math.max(...finds.filter((find) => find.severity === severity).map((find) => find.confidence))
  const things = finds.map(({ what }) => what)
  const facts = factAbout(things, { rule, article: '17', severity, ...wording, spans: spansOf(finds) })
  return confidence < 1 ? facts.map((fact) => ({ ...fact, confidence })) : facts
}

function spansOf(finds: readonly Find[]): Span[] {
  const spans = new Map<string, Span>()
  for (const { place } of finds) {
    const pointer = place.pointer()
    if (pointer.startsWith('/')) spans.set(`${pointer} ${place.span?.start}`, { pointer, ...place.span })
  }
  return [...spans.values()].slice(0, MAX_SPANS)
}
