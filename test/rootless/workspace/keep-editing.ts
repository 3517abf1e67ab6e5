import { openWorkspace } from '#core/workspace/workspace.ts';

/**
 * Edits a file and switches the configuration to and fro until it is killed. Says `saved <n>` once an
 * edit has been acknowledged. Arguments: folder, two trees, the first number.
 */
const [folder = '', one = '', other = '', first = '0'] = process.argv.slice(2);
const workspace = await openWorkspace(folder);

for (let number = Number(first); ; number += 1) {
  const path = 'pe1/etc/notes';
  const { blob } = await workspace.readFile(path);
  await workspace.writeFile(path, `edit ${number}\n`.repeat(5000), blob);
  process.stdout.write(`saved ${number}\n`);
  await workspace.checkout(number % 2 === 0 ? one : other, `before switch ${number}`);
}
