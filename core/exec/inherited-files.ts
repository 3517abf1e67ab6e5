/**
 * The command with nothing open but its standard streams. Chromium leaves dozens of its files and
 * sockets open in what Electron starts: they would live on in a network that outlives the window, and
 * programs that count on low numbers of file descriptors fail (mmdebstrap does). Elsewhere nothing changes.
 */
export function withoutInheritedFiles(argv: readonly string[]): readonly string[] {
  return process.versions['electron'] === undefined ? argv : ['bash', '-c', closeAndExec, 'breakwater', ...argv];
}

const closeAndExec =
  'for file in /proc/$$/fd/*; do number=${file##*/}; ((number < 3)) || eval "exec $number>&-"; done; exec "$@"';
