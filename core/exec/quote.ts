/** A word for the shell, whatever is in it (POSIX, Shell Command Language §2.2.2). */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
