import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { loadOverlay } from '#core/load/load-configs.ts';

import { smallTopology } from '../../golden/diagnostics/cases.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-overlay-'));
  for (const path of ['pe1/etc/frr', 'br1/etc', 'templates/parts']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'pe1/etc/frr/frr.conf.j2'), 'hostname {{ name }}\n{% include "templates/parts/bgp.j2" %}');
  writeFileSync(join(folder, 'templates/parts/bgp.j2'), 'router bgp {{ as }}\n');
  writeFileSync(join(folder, 'br1/etc/rc.local'), Buffer.from([0xff, 0x00]), { mode: 0o755 });
  writeFileSync(join(folder, 'br1/etc/motd'), 'hello\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps files byte for byte, and templates apart with all texts that they may include', () => {
  const { files, templates, texts } = loadOverlay(folder, smallTopology);
  expect(files).toEqual([
    { path: 'br1/etc/motd', content: Buffer.from('hello\n'), source: join(folder, 'br1/etc/motd') },
    {
      path: 'br1/etc/rc.local',
      content: Buffer.from([0xff, 0x00]),
      executable: true,
      source: join(folder, 'br1/etc/rc.local'),
    },
  ]);
  expect(templates).toEqual([{ path: 'pe1/etc/frr/frr.conf', template: 'pe1/etc/frr/frr.conf.j2' }]);
  expect(Object.keys(texts)).toEqual(['br1/etc/motd', 'pe1/etc/frr/frr.conf.j2', 'templates/parts/bgp.j2']);
});

it.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a link', (path: string) => symlinkSync('/etc', path)],
])('says so where %s stands in the place of what templates include', (_name, put) => {
  const own = mkdtempSync(join(tmpdir(), 'breakwater-overlay-'));
  try {
    mkdirSync(join(own, 'pe1/etc'), { recursive: true });
    writeFileSync(join(own, 'pe1/etc/motd.j2'), '{{ name }}\n');
    put(join(own, 'templates'));
    expect(() => loadOverlay(own, smallTopology)).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ file: join(own, 'templates'), message: 'this is no folder' })],
      }),
    );
  } finally {
    rmSync(own, { recursive: true });
  }
});
