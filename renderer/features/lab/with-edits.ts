import { complain } from '../../state/complaints.ts';
import { saveEdits } from '../editor/documents.ts';

/** Does what takes the files as they stand, with all that was edited in them; not at all where that cannot be saved. */
export function withEdits(work: () => Promise<unknown>): void {
  saveEdits()
    .then(async (areSaved) => (areSaved ? work() : undefined))
    .catch(complain);
}
