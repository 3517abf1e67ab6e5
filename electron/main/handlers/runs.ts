import { copyFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { requireLab } from '#core/appliance/appliance.ts';
import { attach } from '#core/appliance/attach.ts';
import { check } from '#core/appliance/check.ts';
import { evidenceFile, openInWireshark, readPackets, readText } from '#core/appliance/evidence.ts';
import { followAttempts } from '#core/appliance/follow-attempts.ts';
import { history, recall } from '#core/appliance/history.ts';
import { keepJourneys, readJourneys } from '#core/appliance/journeys.ts';
import { LabError } from '#core/model/errors.ts';
import type { Lab } from '#core/model/lab.ts';
import type { Run, RunEvent, RunListener } from '#core/model/run.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { Handlers } from '../answer.ts';
import { type Desk, traineeNetwork } from '../desk.ts';
import { advance } from '../run-progress.ts';

export function runHandlers(desk: Desk) {
  const { appliance, truth, verdicts, tell, person } = desk;
  return {
    'run.check': async ({ lab: id, checks }) => {
      const lab = withChecks(requireLab(appliance, id), checks);
      const run = await truth.during('run.check', async ({ signal, onProgress }) => {
        const { network } = await attach(appliance, traineeNetwork);
        const options = { labs: [lab], restart: checks === undefined, signal };
        return aloud(onProgress, async (listener) => {
          const followed = await followAttempts(network, appliance.plan, (follow) =>
            check(appliance, traineeNetwork, {
              ...options,
              listener: (event) => {
                follow(event);
                listener(event);
              },
            }),
          );
          await keepJourneys(appliance, followed);
          await verdicts.end(followed.run);
          return followed.run;
        });
      });
      return { run: run.id, verdict: run.verdict, interrupted: run.interrupted };
    },
    'run.cancel': async () => {
      await truth.cancel('run.check');
      return null;
    },
    'run.current': () => Promise.resolve(desk.runEvents),
    'run.list': async ({ lab }) =>
      (await history(appliance)).runs
        .filter((run) => lab === undefined || run.labs.some((it) => it.lab === lab))
        .map(summarise),
    'run.read': ({ run }) => recall(appliance, run),
    'run.scene': async ({ run: id, lab }) => {
      const run = await recall(appliance, id);
      const result = run.labs.find((it) => it.lab === lab);
      const journeys = await readJourneys(appliance, id, lab);
      if (result === undefined || journeys === undefined) return null;
      return { run: id, lab, control: null, verdict: result.verdict, journeys };
    },
    'run.evidence': async ({ run, file }) => {
      const path = evidenceFile(appliance, run, file);
      return file.endsWith('.pcap')
        ? { kind: 'packets', ...(await readPackets(path)) }
        : { kind: 'text', ...(await readText(path)) };
    },
    'run.openInWireshark': async ({ run, file }) => {
      await openInWireshark(evidenceFile(appliance, run, file));
      return null;
    },
    'run.saveEvidence': async ({ run, file }) => {
      const from = evidenceFile(appliance, run, file);
      const to = await person.chooseFile(basename(file));
      if (to !== undefined) await copyFile(from, to);
      return { file: to ?? null };
    },
  } satisfies Partial<Handlers>;

  /** A run that the window shows while it goes on. Its end is told when all of it is kept, the journeys too. */
  async function aloud(
    onProgress: (message: string) => void,
    run: (listener: RunListener) => Promise<Run>,
  ): Promise<Run> {
    desk.runEvents = [];
    let last: RunEvent | undefined;
    try {
      return await run((event) => {
        if (event.type === 'run.finished') return void (last = event);
        if (event.type === 'progress') onProgress(event.message);
        if (event.type === 'run.started') verdicts.begin(event.runId);
        desk.runEvents.push(event);
        const before = truth.snapshot().run;
        const after = advance(before, event);
        if (after !== before) truth.change({ run: after });
        tell('run.event', event);
      });
    } finally {
      truth.change({ run: null });
      if (last !== undefined) tell('run.event', last);
      desk.runEvents = [];
    }
  }
}

/** The lab with some of its checks alone. */
function withChecks(lab: Lab, ids: readonly string[] | undefined): Lab {
  if (ids === undefined) return lab;
  const unknown = ids.find((id) => !lab.checks.some((it) => it.id === id));
  if (unknown !== undefined) throw new LabError('unknown-name', `${lab.id} has no check ${unknown}`);
  return { ...lab, checks: lab.checks.filter((it) => ids.includes(it.id)) };
}

function summarise({ id, startedAt, durationMs, subject, verdict, interrupted, labs }: Run): RunSummary {
  return {
    id,
    startedAt,
    durationMs,
    subject,
    verdict,
    interrupted,
    labs: labs.map(({ lab, title, verdict: of, persistence, findings }) => ({
      lab,
      title,
      verdict: of,
      persistence,
      held: findings.filter((it) => it.verdict === 'pass').length,
      checks: findings.length,
    })),
  };
}
