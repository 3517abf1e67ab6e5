import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadOverlay } from '#core/load/load-configs.ts';
import { renderTemplate } from '#core/load/render-template.ts';
import { type Facts, factsOf } from '#core/model/facts.ts';

import { smallPlan, smallTopology } from '../../golden/diagnostics/cases.ts';

const facts = factsOf(smallPlan, 'pe1') as Facts;
const render = (text: string): string => renderTemplate({ folder: '.', path: 'x.j2', text, facts });

describe('a template', () => {
  it('says the facts of its node', () => {
    expect(render('{{ name }} {{ as }} {{ loopback.v6 }} {{ hosts.mx.v4 }}')).toBe(
      'pe1 64496 2001:db8:0:ffff::51 192.0.2.4',
    );
    expect(render('{{ bgp.internal[0].node }} {{ customers[0].prefixes.v4 | join(" ") }}')).toBe('br1 192.0.2.128/28');
  });

  it('loses the lines of its block tags', () => {
    const text =
      '{% for it in interfaces %}\ninterface {{ it.name }}\n  {% if it.peer %}\n description {{ it.peer.node }}\n  {% endif %}\n{% endfor %}\n!\n';
    expect(render(text)).toBe('interface to_br1\n description br1\ninterface to_a1\n description a1\n!\n');
  });

  it('escapes nothing', () => {
    expect(render('{{ "<a> & b" }}')).toBe('<a> & b');
  });

  it('may use the methods of strings and lists', () => {
    expect(render('{{ name.toUpperCase() }} {{ prefixes.v4.concat(["x"]).length }}')).toBe('PE1 1');
  });

  it.each([
    '{{ name.constructor }}',
    '{{ [].constructor }}',
    '{{ constructor }}',
    '{{ range.constructor }}',
    '{{ range.call }}',
    '{{ hosts.__proto__ }}',
    '{{ [].__lookupGetter__ }}',
    '{{ name["const" + "ructor"] }}',
    '{{ hosts.hasOwnProperty }}',
  ])('has no way to the program that renders it: %s', (text) => {
    expect(() => render(text)).toThrow();
  });
});

describe('an overlay', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-overlay-'));
    for (const path of ['pe1/etc/frr', 'br1/etc', 'templates']) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'pe1/etc/frr/frr.conf.j2'), 'hostname {{ name }}\n{% include "templates/bgp.j2" %}');
    writeFileSync(join(folder, 'templates/bgp.j2'), 'router bgp {{ as }}\n');
    writeFileSync(join(folder, 'br1/etc/rc.local'), Buffer.from([0xff, 0x00]), { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('renders templates with their includes and keeps other files byte for byte', () => {
    expect(loadOverlay(folder, smallTopology, smallPlan).files).toEqual([
      {
        path: 'br1/etc/rc.local',
        content: Buffer.from([0xff, 0x00]),
        executable: true,
        source: join(folder, 'br1/etc/rc.local'),
      },
      {
        path: 'pe1/etc/frr/frr.conf',
        content: Buffer.from('hostname pe1\nrouter bgp 64496\n'),
        source: join(folder, 'pe1/etc/frr/frr.conf.j2'),
        template: { path: 'pe1/etc/frr/frr.conf.j2', lines: expect.any(Array) as unknown[] },
      },
    ]);
  });
});
