/** What is known of a fault of the window itself, for whoever is to find its cause. */
export interface Fault {
  readonly error: unknown;
  /** React's way to the part that failed. */
  readonly components: string;
  readonly at: Date;
}

export interface Circumstances {
  readonly panel: string;
  readonly version: string | undefined;
  /** Where the window was, as its address has it. */
  readonly screen: string;
  readonly browser: string;
}

/** A report as text: what failed, where, and in what. Nothing of the configuration or of the person is in it. */
export function describeFault(
  { error, components, at }: Fault,
  { panel, version, screen, browser }: Circumstances,
): string {
  const what = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  // Some stacks begin with the message, and some do not.
  const message = error instanceof Error && !what.includes(error.message) ? `${error.name}: ${error.message}\n` : '';
  return [
    `A fault of Breakwater ${version ?? '(version unknown)'} in “${panel}”`,
    `at     ${at.toISOString()}`,
    `screen ${screen}`,
    `in     ${browser}`,
    '',
    `${message}${what.trimEnd()}`,
    ...(components.trim() === '' ? [] : ['', `drawn by${components.trimEnd()}`]),
    '',
  ].join('\n');
}
