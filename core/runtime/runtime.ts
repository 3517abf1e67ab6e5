import type { CommandResult } from '../exec/command.ts';
import type { Topology } from '../model/topology.ts';

/** Makes a topology real. Small on purpose: what needs more belongs in a probe. */
export interface Runtime {
  readonly name: string;
  /** Brings every node up, wired and started from its files. Leaves nothing behind when it throws or `signal` fires. */
  deploy(topology: Topology, options: DeployOptions): Promise<Network>;
  /** The running network of that name, or undefined. */
  attach(name: string): Promise<Network | undefined>;
  list(): Promise<NetworkSummary[]>;
}

export interface DeployOptions {
  /** Name of this network; several may run side by side, of one topology too. */
  readonly name: string;
  /** Folder that holds `<node>/etc/…`; it takes the place of the topology's own `configs/`. */
  readonly configs: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

export interface NetworkSummary {
  readonly name: string;
  readonly topology: string;
  readonly topologyFile: string;
  readonly nodes: readonly string[];
  readonly configs: string;
  readonly startedAt: string;
}

export interface Network extends NetworkSummary {
  node(name: string): Node;
  /** The nodes that are up. */
  running(signal?: AbortSignal): Promise<readonly string[]>;
  /** From now on the network outlives the process that deployed it. Until then it dies with it. */
  keep(): Promise<void>;
  /** Restarts nodes from their files: processes, addresses, routes and filters begin anew; links stay where they were. With a dead node its neighbours restart, since its links went with it. */
  restart(nodes: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Makes nodes anew: like a restart, and all that they had on their disks beside their configuration is gone. */
  recreate(nodes: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Edits that replaced a linked configuration file inside a node are brought home to the workspace. */
  collectEdits(): Promise<void>;
  destroy(): Promise<void>;
}

export interface Node {
  readonly name: string;
  /** Runs a command to its end. Exit codes are results, not errors; a command that cannot start has code 127. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandResult>;
  /** Starts a command that is tied to us: it ends when `stop` is called, and when this process dies, however it dies. */
  spawn(argv: readonly string[], options?: SpawnOptions): NodeProcess;
  /** What a terminal has to run to be on this node: a login shell, or a command. */
  shell(argv?: readonly string[]): readonly string[];
}

export interface ExecOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface SpawnOptions {
  readonly signal?: AbortSignal;
  /** A shell command run in the node after the process ended, also when we were killed: the undo of what it did. */
  readonly undo?: string;
  /** Takes standard output as it comes; it is not kept then. */
  readonly onStdout?: (chunk: Buffer) => void;
}

export interface NodeProcess {
  /** Resolves with the first line of stderr or stdout that matches; rejects when the process ends first or the deadline passes. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<string>;
  /** Everything written to stdout so far, raw. */
  stdout(): Buffer;
  stderr(): string;
  /** Ends it (SIGTERM, then SIGKILL) and waits until it and its undo are done. */
  stop(): Promise<void>;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<number>;
}
