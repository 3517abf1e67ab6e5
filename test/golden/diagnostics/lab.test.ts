import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadAllLabs, loadLab } from '#core/load/load-lab.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, fixture, labContext, withCopy } from './cases.ts';

/** Each case is what differs from the sound lab. */
function withLab<T>(name: string, use: (folder: string) => T): T {
  return withCopy(['lab/sound', `lab/${name}`], join('filtering', 'ingress-source'), use);
}

describe('a broken lab is explained', () => {
  it.each(casesOf('lab', '').filter((name) => name !== 'sound'))('%s', (name) => {
    const said = withLab(name, (folder) => complaintsOf(() => loadLab(folder, labContext), folder));
    expectGolden(said, `lab/${name}.expected.txt`, import.meta.url);
  });

  it('the sound lab is not', () => {
    const lab = withLab('sound', (folder) => loadLab(folder, labContext));
    expect(lab.id).toBe('filtering/ingress-source');
    expect(lab.accept.map(({ name, title }) => [name, title])).toEqual([
      ['prefix-list', 'List of prefixes'],
      ['reverse-path', 'Reverse-path filter'],
    ]);
    expect(lab.reject[0]?.fails).toEqual(['spoofed-sources']);
    expect(lab.break.paths).toEqual(['pe1/etc/nftables.conf']);
  });
});

it('a lab with a fault is that lab’s fault: the others can be used', () => {
  withLab('sound', (folder) => {
    const labs = dirname(dirname(folder));
    const twin = join(labs, 'filtering', 'twin');
    cpSync(folder, twin, { recursive: true });
    cpSync(fixture('lab/unknown-probe'), twin, { recursive: true });
    const { labs: sound, broken } = loadAllLabs(labs, labContext);
    expect(sound.map(({ id }) => id)).toEqual(['filtering/ingress-source']);
    expect(broken.map(({ id }) => id)).toEqual(['filtering/twin']);
    expect(broken[0]?.diagnostics[0]).toMatchObject({ file: join(twin, 'lab.yml'), line: expect.any(Number) });
  });
});
