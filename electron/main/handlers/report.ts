import writeFileAtomic from 'write-file-atomic';

import { recall } from '#core/appliance/history.ts';
import { formatPage } from '#core/report/html/page.ts';
import { formatJson } from '#core/report/json.ts';
import { formatJunit } from '#core/report/junit.ts';
import type { Handlers } from '../answer.ts';
import { reportAddress } from '../page-address.ts';
import type { Desk } from '../desk.ts';

export function reportHandlers(desk: Desk) {
  const { appliance, person } = desk;
  return {
    'report.html': async ({ run }) => ({ html: await reportPage(desk, run) }),
    'report.save': async ({ run: id, format }) => {
      const run = await recall(appliance, id);
      const content = {
        html: () => formatPage(run, appliance),
        json: () => formatJson(run),
        junit: () => formatJunit(run),
        pdf: () => person.printPage(reportAddress(id)),
      };
      const file = await person.chooseFile(`breakwater-${id}.${format === 'junit' ? 'xml' : format}`);
      if (file !== undefined) await writeFileAtomic(file, await content[format]());
      return { file: file ?? null };
    },
  } satisfies Partial<Handlers>;
}

/** The report of a run as one page. */
export async function reportPage({ appliance }: Desk, run: string): Promise<string> {
  return formatPage(await recall(appliance, run), appliance);
}
