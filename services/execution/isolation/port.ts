import type { Readable, Writable } from 'node:stream'
import type { Breach, Limits, Usage } from '@azora/contracts'

/** What a process in the sandbox gets. Everything that isn't named here it doesn't have: no network, no files, no environment. */
export interface LaunchSpec {
  argv: [string, ...string[]]
  env?: Record<string, string>
  /** Folder of the host with the code that it runs, if that is not the catalogue; visible, read-only, at its own place. */
  codeFolder?: string
  /** What of the host is visible, read-only, at its own place. */
  read?: readonly (Grant | string)[]
  /** What of the host is visible and writable at its own place. */
  write?: readonly (Grant | string)[]
  /** Host folder that appears as {@link WORKSPACE}. */
  workspace?: { path: string; mode: 'read' | 'write' }
  /** Unix socket of an egress proxy; appears as {@link EGRESS_SOCKET}. */
  egressSocket?: string
  /** What it may use; what isn't named here is the default of an action's limits. */
  limits?: Partial<WatchedLimits>
}

/** The limits that an isolation enforces; wall time and output are for whoever launches. */
export type WatchedLimits = Omit<Limits, 'wallMs' | 'outputBytes'>

/**
 * A place on the host that was opened and checked: the descriptor says what is shown, the path where. A path alone is
 * followed at the launch, wherever it leads by then; it suits places that only we can change.
 */
export interface Grant {
  path: string
  /** Open as long as the launch lasts. */
  fd: number
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  /** The limit for which it was ended. */
  breach?: Breach
  usage?: Usage
}

/** A process in the sandbox, with all its descendants. */
export interface Sandboxed {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** What it writes to file descriptor 3. */
  readonly result: Readable
  /** What it has used so far; undefined before it runs. */
  usage(): Usage | undefined
  /** Ends the whole tree at once, whatever it does about signals. */
  kill(): void
  /** Resolves when the tree is gone and its streams are closed. Rejects when it could not be started. */
  readonly exited: Promise<Exit>
}

/**
 * How untrusted code is kept from everything that it wasn't given. Contract:
 * - `launch` never runs the command with less isolation than `describe` says; what can't be isolated isn't run.
 * - After `exited` resolves, no process of the tree is left.
 */
export interface Isolation {
  /** Name and version of what isolates, as entries show it. */
  describe(): string
  /** Where a command finds the folder that is its workspace. */
  workspacePath(folder: string): string
  launch(spec: LaunchSpec): Sandboxed
}

export const WORKSPACE = '/workspace'
export const EGRESS_SOCKET = '/run/azora/egress.sock'
