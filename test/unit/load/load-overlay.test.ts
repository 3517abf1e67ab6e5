import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
