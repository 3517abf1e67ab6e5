import { create } from 'zustand';

import type { ArgumentsOf } from '../../electron/contract/calls.ts';
import type { Preferences } from '../../electron/contract/preferences.ts';
import { complain } from './complaints.ts';
import { host } from './host.ts';

export const usePreferences = create<{ readonly now: Preferences | undefined }>()(() => ({ now: undefined }));

export async function loadPreferences(): Promise<void> {
  show(await host().call('preferences.read', {}));
}

/** Shown at once, kept soon after. */
export function changePreferences(changes: ArgumentsOf<'preferences.write'>): void {
  const { now } = usePreferences.getState();
  if (now !== undefined) show({ ...now, ...changes } as Preferences);
  host().call('preferences.write', changes).catch(complain);
}

/** Sizes of panes, beside those of the other groups. */
export function rememberPanes(group: string, sizes: number[]): void {
  changePreferences({ panes: { ...usePreferences.getState().now?.panes, [group]: sizes } });
}

function show(now: Preferences): void {
  usePreferences.setState({ now });
  if (now.theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = now.theme;
}
