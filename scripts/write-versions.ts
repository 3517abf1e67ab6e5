/** `npm run versions`: writes the table of docs/image.md from the node image itself. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openAppliance } from '#core/appliance/appliance.ts';
import { versionsOf } from '#core/image/versions.ts';
import { fillSections, table } from './docs/sections.ts';

const appliance = await openAppliance('docs');
const versions = await versionsOf(await appliance.image());
const file = join(import.meta.dirname, '..', 'docs', 'image.md');
const rows = versions.map((it) => [it.name, `\`${it.package}\``, it.version]);
writeFileSync(
  file,
  fillSections(readFileSync(file, 'utf8'), { versions: table(['daemon or tool', 'Debian package', 'version'], rows) }),
);
console.log('docs/image.md');
