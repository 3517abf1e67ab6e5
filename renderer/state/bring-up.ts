import { note } from './complaints.ts';
import { host } from './host.ts';

/** Brings a lab up, or switches to it, and tells what the trainee should know. */
export async function bringUp(lab: string): Promise<void> {
  const { notes } = await host().call('network.up', { lab });
  notes.forEach(note);
}
