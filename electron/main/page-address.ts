/** The page's origin: a scheme of our own, so that it has one, and a policy in a real header. */
export const pageOrigin = 'app://breakwater';

/** Where a report is shown: another origin, so that nothing in it is part of our page. */
export function reportAddress(run: string): string {
  return `app://report/${run}.html`;
}
