/**
 * A daemon that a command started may hold our pipes open for ever. What the command itself wrote is in the pipe
 * when it exits, so once nothing more comes we stop listening. Time alone does not tell that: when this process was
 * busy, the timer is up before the pipes were looked at. So after it they are looked at once more; `setImmediate`
 * comes after Node's turn of reading. In plain JavaScript, because the launcher is.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export function closeOutputAfterExit(child) {
  child.once('exit', () => {
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    let heard = false;
    const hear = () => {
      heard = true;
      quiet.refresh();
    };
    const closeIfQuiet = () => {
      if (!heard) for (const stream of streams) stream.destroy();
    };
    const quiet = setTimeout(() => {
      heard = false;
      setImmediate(closeIfQuiet);
    }, 50);
    for (const stream of streams) stream.on('data', hear);
    child.once('close', () => clearTimeout(quiet));
  });
}
