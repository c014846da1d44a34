import { z } from 'zod'

/** Limits of one action; reaching one ends it with an outcome that names the limit. */
export const Limits = z.strictObject({
  /** Wall-clock time in milliseconds. */
  wallMs: z.int().min(100).max(3_600_000).default(60_000),
  /** Processor time of all its processes together, in milliseconds. */
  cpuMs: z.int().min(100).max(57_600_000).default(120_000),
  /** Bytes of memory of all its processes together, with what lies in /tmp and /dev/shm. */
  memoryBytes: z.int().min(67_108_864).max(1_099_511_627_776).default(1_073_741_824),
  /** Processes and threads at one time; a Node.js process has about a dozen threads. */
  processes: z.int().min(16).max(32_768).default(512),
  /** Open files of each process. */
  openFiles: z.int().min(64).max(65_536).default(4_096),
  /** Bytes of the result plus standard output and error. */
  outputBytes: z.int().min(1024).max(16_777_216).default(1_048_576),
  /** Bytes of the largest file that may be written. */
  fileBytes: z.int().min(1024).default(1_073_741_824),
  /** Bytes that may be written to the workspace and the granted paths, counted as they are written. */
  diskBytes: z.int().min(1024).default(4_294_967_296),
  /** Size of /tmp, and of /dev/shm, in bytes. */
  tmpBytes: z.int().min(65_536).default(536_870_912),
})
export type Limits = z.infer<typeof Limits>

/**
 * Limits as they are stated: by a manifest, or by an action of which they are judged. What isn't stated is the default of
 * {@link Limits}, so that a limit that comes later leaves what was registered and judged before as it is.
 */
export const StatedLimits = z.strictObject({
  wallMs: Limits.shape.wallMs.unwrap().exactOptional(),
  cpuMs: Limits.shape.cpuMs.unwrap().exactOptional(),
  memoryBytes: Limits.shape.memoryBytes.unwrap().exactOptional(),
  processes: Limits.shape.processes.unwrap().exactOptional(),
  openFiles: Limits.shape.openFiles.unwrap().exactOptional(),
  outputBytes: Limits.shape.outputBytes.unwrap().exactOptional(),
  fileBytes: Limits.shape.fileBytes.unwrap().exactOptional(),
  diskBytes: Limits.shape.diskBytes.unwrap().exactOptional(),
  tmpBytes: Limits.shape.tmpBytes.unwrap().exactOptional(),
})
export type StatedLimits = z.infer<typeof StatedLimits>

const DEFAULTS: Readonly<Limits> = Limits.parse({})

/** All limits, where some are stated: the processor time is that of two processors all the while, unless it is stated. */
export const limitsOf = (stated: StatedLimits = {}): Limits => ({
  ...DEFAULTS,
  ...(stated.wallMs !== undefined && { cpuMs: 2 * stated.wallMs }),
  ...stated,
})

/** The limits of a manifest. The first three were there from the start and are always stated. */
export const ManifestLimits = StatedLimits.extend({
  wallMs: Limits.shape.wallMs,
  outputBytes: Limits.shape.outputBytes,
  fileBytes: Limits.shape.fileBytes,
})
export type ManifestLimits = z.infer<typeof ManifestLimits>

/** What was reached; the error of the outcome is `limit_` with this name. */
export const LimitName = z.enum(['wall', 'cpu', 'memory', 'processes', 'open_files', 'output', 'file', 'disk', 'tmp'])
export type LimitName = z.infer<typeof LimitName>

/** A limit that was reached: milliseconds, bytes or a number of things, as the limit counts. */
export const Breach = z.strictObject({ limit: LimitName, allowed: z.number(), used: z.number() })
export type Breach = z.infer<typeof Breach>

/** What an action used, as far as the system tells. */
export const Usage = z.strictObject({
  cpuMs: z.number().min(0),
  memoryBytesPeak: z.number().min(0),
  /** Processes and threads at one time. */
  processesPeak: z.number().min(0),
  /** Bytes that it caused to be read from and written to storage; what lies in memory, such as /tmp, isn't counted. */
  diskBytesRead: z.number().min(0),
  diskBytesWritten: z.number().min(0),
})
export type Usage = z.infer<typeof Usage>

/** How an action's processes ended. */
export const Ending = z.strictObject({
  by: z.enum(['itself', 'limit', 'cancel']),
  exitCode: z.int().exactOptional(),
  signal: z.string().max(20).exactOptional(),
  breach: Breach.exactOptional(),
  /** From the decision to end it until no process was left. */
  goneAfterMs: z.number().min(0).exactOptional(),
})
export type Ending = z.infer<typeof Ending>
