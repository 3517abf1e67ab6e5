import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Run } from '#core/model/run.ts';
import { createRunFolder } from '#core/run/run-folder.ts';
import { listRuns, loadRun } from '#core/run/run-store.ts';

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'breakwater-runs-'));
});
afterEach(() => rmSync(results, { recursive: true }));

describe('earlier runs', () => {
  test('are listed newest first', async () => {
    const older = await keep('2026-11-20T08:00:00Z');
    const newer = await keep('2026-11-21T08:00:00Z');
    const { runs, unreadable } = await listRuns(results);
    expect(runs.map((it) => it.id)).toEqual([newer.id, older.id]);
    expect(unreadable).toEqual([]);
    expect((await loadRun(results, 'latest')).id).toBe(newer.id);
    expect(await loadRun(results, older.id)).toEqual(older);
  });

  test('that cannot be read are told, and hide no other', async () => {
    const good = await keep('2026-11-20T08:00:00Z');
    plant('20261121T080000Z-0001', '{"schema": "breakwater.run/1"');
    plant('20261121T080000Z-0002', JSON.stringify({ ...good, verdict: 'splendid' }));
    plant('20261121T080000Z-0003');
    plant('somebody-elses-folder', 'text');
    const { runs, unreadable } = await listRuns(results);
    expect(runs).toEqual([good]);
    expect(unreadable.map((it) => it.message)).toEqual([
      'is not there: the run was killed before its end',
      expect.stringMatching(/^verdict: Invalid option/),
      expect.stringMatching(/^is not JSON: /),
    ]);
    expect(unreadable[0]?.file).toBe(join(results, '20261121T080000Z-0003', 'run.json'));
    expect((await loadRun(results, 'latest')).id).toBe(good.id);
    await expect(loadRun(results, '20261121T080000Z-0001')).rejects.toMatchObject({ code: 'invalid-file' });
  });

  test('are none before the first', async () => {
    expect(await listRuns(join(results, 'nowhere'))).toEqual({ runs: [], unreadable: [] });
    await expect(loadRun(results, 'latest')).rejects.toMatchObject({ code: 'unknown-name', hint: 'breakwater check' });
  });

  test('are not looked for outside their folder', async () => {
    await expect(loadRun(results, '../../etc')).rejects.toMatchObject({ code: 'unknown-name' });
  });
});

test('evidence is never written over and never leaves the folder of its check', async () => {
  const folder = await createRunFolder(results, new Date('2026-11-21T08:00:00Z'), (bytes) => Buffer.alloc(bytes));
  const names = ['remote.pcap', 'remote.pcap', '../../../etc/passwd', 'a/b.log', '..', ''];
  const paths: string[] = [];
  for (const name of names) paths.push(await folder.keep('mail/open-relay/inbound', name, 'x'));
  expect(paths.every((it) => /^mail\/open-relay\/inbound\/[\w.-]+$/.test(it) && !it.endsWith('/..'))).toBe(true);
  expect(new Set(paths).size).toBe(names.length);
});

async function keep(at: string): Promise<Run> {
  const folder = await createRunFolder(results, new Date(at), (bytes) => Buffer.alloc(bytes));
  const run: Run = {
    schema: 'breakwater.run/1',
    id: folder.id,
    tool: 'breakwater 0.1.0',
    topology: 'isp',
    runtime: 'rootless',
    subject: 'baseline',
    startedAt: new Date(at).toISOString(),
    durationMs: 1,
    interrupted: false,
    diagnostics: [],
    verdict: 'inconclusive',
    labs: [],
  };
  await folder.save(run);
  return run;
}

function plant(id: string, text?: string): void {
  mkdirSync(join(results, id));
  if (text !== undefined) writeFileSync(join(results, id, 'run.json'), text);
}
