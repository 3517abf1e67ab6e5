import { describe, expect, it } from 'vitest';

import { sceneConflicts } from '#core/workspace/scene-conflicts.ts';
import type { ConfigFile } from '#core/model/config-file.ts';
import type { LabPatch } from '#core/model/lab.ts';

import { lab } from '../run/fake-lab.ts';

const path = 'ceb/etc/frr/frr.conf';
const scene: LabPatch = {
  name: 'scene',
  file: 'labs/filtering/ingress-source/scene.patch',
  title: 'Two providers',
  why: 'So it is',
  fails: [],
  diff: '',
  paths: [path],
};

const before = ['hostname ceb', 'router bgp 64510', ' neighbor 2001:db8::1 activate', 'exit', ''].join('\n');
const after = [
  'hostname ceb',
  '! one block',
  'router bgp 64510',
  ' neighbor 2001:db8::1 activate',
  ' neighbor 2001:db8::1 prefix-list FIRST out',
  'exit',
  '',
].join('\n');
const shorter = ['router bgp 64510', ' neighbor 2001:db8::1 activate', 'exit', ''].join('\n');

function lost(text: string, to = after, patched: readonly string[] = []) {
  const accept = [{ ...scene, name: 'other', paths: patched }];
  const file = { path, content: Buffer.from(text), source: `mine/${path}.j2` };
  return sceneConflicts({ ...lab([]), scene, accept }, [{ path, before, after: to }], { files: [file], absent: [] });
}

describe('files of a candidate and what a scene brings', () => {
  it('a copy of the baseline takes it away, and the complaint names both files', () => {
    const [conflict, ...more] = lost(before);
    expect(more).toEqual([]);
    expect(conflict?.diagnostic).toMatchObject({
      file: `mine/${path}.j2`,
      expected: '`neighbor 2001:db8::1 prefix-list FIRST out`',
    });
    expect(conflict?.diagnostic.message).toContain(scene.file);
    expect(conflict?.foreseen).toBe(false);
  });

  it('a file of their own that has the lines of the scene keeps it, however it is laid out', () => {
    const own = 'router bgp 64510\n  neighbor 2001:db8::1 prefix-list FIRST out\n  bgp bestpath compare-routerid\n';
    expect(lost(own)).toEqual([]);
    expect(lost(after)).toEqual([]);
  });

  it('what the scene takes out must not come back', () => {
    const [conflict] = lost(before, shorter);
    expect(conflict?.diagnostic).toMatchObject({ line: 1, expected: 'no `hostname ceb`' });
    expect(lost(shorter, shorter)).toEqual([]);
  });

  it('where a patch of the lab changes the file as well, it was foreseen', () => {
    expect(lost(before, after, [path])[0]?.foreseen).toBe(true);
  });

  it('taking the file away is the same, at the line that says so', () => {
    const gone = { path: 'ceb/etc/frr', source: 'mine/absent.txt', line: 7 };
    const [conflict] = sceneConflicts({ ...lab([]), scene }, [{ path, before, after }], { files: [], absent: [gone] });
    expect(conflict?.diagnostic).toMatchObject({ file: 'mine/absent.txt', line: 7 });
    expect(conflict?.warning).toMatchObject({ node: 'ceb', file: 'absent.txt', line: 7, severity: 'warning' });
  });

  it('a lab without a scene, and other files, have none', () => {
    const other = { path: 'pe1/etc/nftables.conf', content: Buffer.from('') };
    const same = { path, content: Buffer.from(before) };
    const of = (file: ConfigFile) => ({ files: [file], absent: [] });
    expect(sceneConflicts({ ...lab([]), scene }, [{ path, before, after }], of(other))).toEqual([]);
    expect(sceneConflicts(lab([]), [{ path, before, after }], of(same))).toEqual([]);
  });
});
