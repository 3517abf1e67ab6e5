import { LabError } from '../model/errors.ts';
import { consoleReporter } from './console.ts';
import { htmlReporter } from './html.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import type { Reporter, ReporterContext } from './reporter.ts';

/** Every reporter: one file and one line here. */
export const reporters = {
  console: consoleReporter,
  html: htmlReporter,
  json: jsonReporter,
  junit: junitReporter,
} satisfies Record<string, (context: ReporterContext) => Reporter>;

/**
 * The reporters that `--reporter` asks for: `junit=FILE,html=FILE`; `json` alone goes to the screen.
 * @throws LabError `usage` for a name that there is not, a name said twice to one place, and a missing file.
 */
export function selectReporters(list: string, context: Omit<ReporterContext, 'file'>): Reporter[] {
  const seen = new Set<string>();
  return list.split(',').map((item) => {
    const [name = '', ...rest] = item.trim().split('=');
    const file = rest.join('=');
    const hint = `--reporter ${name}=FILE`;
    if (!isReporter(name)) {
      const names = Object.keys(reporters).join(', ');
      throw new LabError('usage', `there is no reporter ${JSON.stringify(name)}; expected one of ${names}`, {
        hint: '--reporter console,junit=results.xml',
      });
    }
    if (rest.length > 0 && file === '')
      throw new LabError('usage', `the ${name} reporter has no file after =`, { hint });
    if (name === 'console' && file !== '') {
      throw new LabError('usage', `the console reporter writes to the screen, not to ${file}`, {
        hint: `breakwater check > ${file}`,
      });
    }
    if (seen.has(file)) {
      const where = file === '' ? 'the screen' : file;
      throw new LabError('usage', `two reporters write to ${where}`, { hint });
    }
    seen.add(file);
    return reporters[name]({ ...context, ...(file === '' ? {} : { file }) });
  });
}

function isReporter(name: string): name is keyof typeof reporters {
  return Object.hasOwn(reporters, name);
}
