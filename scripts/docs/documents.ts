import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type JsonSchema, jsonSchemas } from '#core/load/json-schema.ts';
import { loadAllLabs } from '#core/load/load-lab.ts';
import { loadPlan } from '#core/load/load-plan.ts';
import { DiagnosticsError } from '#core/model/errors.ts';
import { loadTopology } from '#core/load/load-topology.ts';
import { placeClasses } from '#core/model/places.ts';
import { probes } from '#core/probes/registry.ts';
import { drawPicture } from './picture.ts';
import { part, tableOfFields } from './schema-table.ts';
import { fillSections, table } from './sections.ts';
import { topologySections } from './topology-fields.ts';

/** Every document that the code has a word in, as it has to be: path below the root → text. */
export function documents(root: string): ReadonlyMap<string, string> {
  const schemas = jsonSchemas(probes);
  const schema = (name: string): JsonSchema => schemas.get(`${name}.schema.json`) as JsonSchema;
  const isp = join(root, 'topologies', 'isp');
  const topology = loadTopology(join(isp, 'isp.clab.yml'));
  const plan = loadPlan(join(isp, 'plan.yml'), topology);
  const { labs, broken } = loadAllLabs(join(root, 'labs'), { topology, plan, probes });
  if (broken.length > 0) throw new DiagnosticsError(broken.flatMap((it) => it.diagnostics));
  const filled = (path: string, sections: Record<string, string>): [string, string] => [
    path,
    fillSections(readFileSync(join(root, path), 'utf8'), sections),
  ];
  const quoted = (language: string, path: string): string =>
    `\`\`\`${language}\n${readFileSync(join(root, path), 'utf8').trimEnd()}\n\`\`\``;
  return new Map([
    ['docs/isp.svg', drawPicture(plan)],
    filled('README.md', {
      labs: table(
        ['lab', 'what is wrong at first'],
        labs.map(({ id, summary }) => [`[\`${id}\`](labs/${id}/brief.md)`, summary]),
      ),
    }),
    filled('docs/lab-format.md', {
      'lab fields': tableOfFields(schema('lab')),
      'check fields': tableOfFields(part(schema('lab'), 'checks', '*')),
      places: table(
        ['class', 'what it stands for'],
        Object.entries(placeClasses).map(([name, meaning]) => [`\`${name}\``, meaning]),
      ),
      probes: table(
        ['probe', 'what it does'],
        [...probes.values()].map(({ name, summary }) => [`\`${name}\``, summary]),
      ),
      'control fields': tableOfFields(part(schema('controls'), 'controls', '*')),
      'plan node fields': tableOfFields(part(schema('plan'), 'nodes', '*')),
    }),
    filled('docs/testing-your-templates.md', {
      template: quoted('jinja', 'examples/own-templates/pe1/etc/nftables.conf.j2'),
      workflow: quoted('yaml', 'docs/ci/github-actions.yml'),
    }),
    filled('docs/topology.md', topologySections()),
  ]);
}
