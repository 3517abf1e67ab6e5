/** The keys of terminals on Linux desktops; plain Ctrl-C copies only what is selected, else it interrupts. */
export function actionOf(
  {
    ctrlKey,
    shiftKey,
    altKey,
    metaKey,
    key,
  }: Pick<KeyboardEvent, 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | 'key'>,
  hasSelection: boolean,
): 'copy' | 'paste' | 'search' | undefined {
  if (altKey || metaKey) return undefined;
  if (shiftKey && key === 'Insert') return 'paste';
  if (!ctrlKey) return undefined;
  const letter = key.toLowerCase();
  if (letter === 'c' && (shiftKey || hasSelection)) return 'copy';
  if (letter === 'v' && shiftKey) return 'paste';
  return letter === 'f' && shiftKey ? 'search' : undefined;
}
