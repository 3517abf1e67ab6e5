import { describe, expect, it } from 'vitest';

import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { DiagnosticsError } from '#core/model/errors.ts';
import type { OverlaySource } from '#core/model/config-file.ts';
import type { Rendered, RenderRequest } from '#core/render/engine.ts';
import { renderOverlay } from '#core/render/render-overlay.ts';

import { smallPlan } from '../../golden/diagnostics/cases.ts';

const path = 'pe1/etc/frr/frr.conf';
const template = `${path}.j2`;

function source(text: string): OverlaySource {
  return { folder: 'own', files: [], absent: [], templates: [{ path, template }], texts: { [template]: text } };
}

async function complaints(text: string, error: Extract<Rendered, { error: unknown }>['error']): Promise<string> {
  try {
    await renderOverlay(source(text), smallPlan, async () => [{ path: template, error }]);
  } catch (cause) {
    if (!(cause instanceof DiagnosticsError)) throw cause;
    return cause.diagnostics.map(formatDiagnostic).join('\n');
  }
  throw new Error('it was taken');
}

describe('templates', () => {
  it('are asked for with the facts of their node, and every text of the folder', async () => {
    let asked: RenderRequest | undefined;
    const { files } = await renderOverlay(source('hostname {{ name }}\n'), smallPlan, async (request) => {
      asked = request;
      return [{ path: template, text: 'hostname pe1\n', marked: null }];
    });
    expect(files).toEqual([
      { path, content: Buffer.from('hostname pe1\n'), source: `own/${template}`, template: { path: template } },
    ]);
    expect(asked?.files).toEqual({ [template]: 'hostname {{ name }}\n' });
    expect(asked?.templates[0]?.facts).toMatchObject({ name: 'pe1', inventory_hostname: 'pe1', as: 64496 });
  });

  it('need no engine where there are none', async () => {
    const none = { ...source(''), templates: [] };
    await expect(renderOverlay(none, smallPlan, async () => [])).resolves.toEqual({ files: [], absent: [] });
  });

  it('are complained of at what they ask for in vain', async () => {
    const missing = { message: 'it is not there', path: template, line: 2, missing: 'adress' };
    expect(await complaints('x\n ip {{ interface.ipv4.adress }} {{ adress }}', missing)).toBe(
      `own/${template}:2:8 "interface.ipv4.adress" is undefined\n  expected a fact of pe1\n  hint: breakwater facts pe1 --json`,
    );
    expect(await complaints('{{ asn }}', { ...missing, line: 1, missing: 'asn' })).toContain('did you mean "as"?');
  });

  it('are complained of as a whole where no line is known, and in a line that is not there', async () => {
    const error = { message: 'it takes too long', path: template, line: null };
    expect(await complaints('x', error)).toBe(`own/${template}:1:1 the template does not render: it takes too long`);
    expect(await complaints('x', { ...error, line: 7 })).toContain(`own/${template}:7:1`);
  });

  it('of nodes that nobody planned are refused', async () => {
    const odd = { ...source('x'), templates: [{ path: 'pe9/etc/motd', template: 'pe9/etc/motd.j2' }] };
    await expect(renderOverlay(odd, smallPlan, async () => [])).rejects.toMatchObject({
      diagnostics: [{ file: 'own/pe9/etc/motd.j2', message: 'the plan says nothing about pe9' }],
    });
  });
});
