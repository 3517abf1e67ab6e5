import { z } from 'zod';

import { LabId, LocalId } from '#core/model/ids.ts';
import { Run } from '#core/model/run.ts';
import { Verdict } from '#core/model/verdict.ts';
import { Catalogue } from './catalogue.ts';
import { Changes, ConfigFileView, ConfigPath, KeptSnapshot, NodeFiles, SaveResult } from './configuration.ts';
import { HostReport } from './host.ts';
import { Hints, LabView } from './lab.ts';
import { PreferenceChanges, Preferences } from './preferences.ts';
import { EvidencePath, EvidenceView, RunEventShape, RunId, RunSummary } from './runs.ts';
import { Scene } from './scene.ts';
import { DemoState, Snapshot } from './snapshot.ts';
import { OpenTerminal, TerminalId, TerminalSize } from './terminal.ts';
import { TopologyView } from './topology.ts';

const none = z.strictObject({});
const nothing = z.null();
/** The file that was written; null when the person thought better of it in the dialog. */
const savedFile = z.strictObject({ file: z.string().nullable() });

/**
 * Every call from the renderer to main: its arguments and its result. Main parses both. One line here
 * makes both sides typed; a handler that is missing in main does not compile.
 */
export const calls = {
  'app.snapshot': { args: none, result: Snapshot },
  /** Opens a page in the person's own browser. */
  'app.openLink': { args: z.strictObject({ url: z.url({ protocol: /^https$/ }).max(2000) }), result: nothing },

  'host.examine': { args: none, result: HostReport },
  'host.buildImage': { args: none, result: nothing },

  'catalogue.read': { args: none, result: Catalogue },
  'lab.read': { args: z.strictObject({ lab: LabId }), result: LabView },
  /** Counts one more hint as seen. */
  'lab.hint': { args: z.strictObject({ lab: LabId }), result: Hints },
  'topology.read': { args: none, result: TopologyView },

  /** Without a lab the hardened baseline comes up, all of it. */
  'network.up': {
    args: z.strictObject({ lab: LabId.nullable(), all: z.boolean().optional() }),
    result: z.strictObject({
      configuration: z.enum(['fresh', 'resumed']),
      notes: z.array(z.string()).describe('What the trainee should know, in whole sentences'),
    }),
  },
  'network.down': { args: none, result: nothing },
  'network.reset': { args: none, result: Changes },
  'network.solve': { args: none, result: Changes },

  'config.list': { args: none, result: z.array(NodeFiles) },
  'config.read': { args: z.strictObject({ path: ConfigPath }), result: ConfigFileView },
  /** `expected` is the blob last read; without it the file has to be new. */
  'config.write': {
    args: z.strictObject({
      path: ConfigPath,
      content: z.string().max(2_000_000),
      expected: z
        .string()
        .regex(/^[0-9a-f]{40}$/)
        .optional(),
    }),
    result: SaveResult,
  },
  /** A unified diff; `solution` shows how the lab is solved. */
  'config.diff': {
    args: z.strictObject({ against: z.enum(['start', 'solution']) }),
    result: z.strictObject({ diff: z.string() }),
  },
  'snapshots.list': { args: none, result: z.array(KeptSnapshot) },
  'snapshots.restore': { args: z.strictObject({ id: z.string().max(80) }), result: Changes },

  /** Answers when the run has ended; on the way come `run.event`s. A few checks alone are not tried again after a restart. */
  'run.check': {
    args: z.strictObject({ lab: LabId, checks: z.array(LocalId).min(1).optional() }),
    result: z.strictObject({ run: RunId, verdict: Verdict, interrupted: z.boolean() }),
  },
  'run.cancel': { args: none, result: nothing },
  /** What the run that goes on has sent so far; empty when none does. */
  'run.current': { args: none, result: z.array(RunEventShape) },
  'run.list': { args: z.strictObject({ lab: LabId.optional() }), result: z.array(RunSummary) },
  'run.read': { args: z.strictObject({ run: RunId }), result: Run },
  /** Where the attempts of a run went, to be asked after `run.finished`; null when the run was made elsewhere and nobody watched. */
  'run.scene': { args: z.strictObject({ run: RunId, lab: LabId }), result: Scene.nullable() },
  'run.evidence': { args: z.strictObject({ run: RunId, file: EvidencePath }), result: EvidenceView },
  'run.openInWireshark': { args: z.strictObject({ run: RunId, file: EvidencePath }), result: nothing },
  'run.saveEvidence': { args: z.strictObject({ run: RunId, file: EvidencePath }), result: savedFile },

  /** One self-contained page. */
  'report.html': { args: z.strictObject({ run: RunId }), result: z.strictObject({ html: z.string() }) },
  'report.save': {
    args: z.strictObject({ run: RunId, format: z.enum(['html', 'pdf', 'json', 'junit']) }),
    result: savedFile,
  },

  /** A network of the demo's own, as the lab begins: the control is off. */
  'demo.open': { args: z.strictObject({ lab: LabId }), result: DemoState },
  'demo.control': { args: z.strictObject({ on: z.boolean() }), result: DemoState },
  /** Runs the checks of the lab once, and shows where everything went. */
  'demo.attack': { args: none, result: Scene },
  'demo.close': { args: none, result: nothing },

  /** The bytes go over a MessagePort that preload hands over beside the answer. */
  'terminal.open': { args: OpenTerminal, result: z.strictObject({ terminal: TerminalId }) },
  'terminal.resize': { args: TerminalSize.extend({ terminal: TerminalId }), result: nothing },
  'terminal.close': { args: z.strictObject({ terminal: TerminalId }), result: nothing },

  'preferences.read': { args: none, result: Preferences },
  'preferences.write': { args: PreferenceChanges, result: Preferences },
} as const;

export type CallName = keyof typeof calls;
/** As the caller writes them: what has a default may be left out. */
export type ArgumentsOf<N extends CallName> = z.input<(typeof calls)[N]['args']>;
/** As main gets them, parsed. */
export type ParsedArgumentsOf<N extends CallName> = z.output<(typeof calls)[N]['args']>;
export type ResultOf<N extends CallName> = z.output<(typeof calls)[N]['result']>;
