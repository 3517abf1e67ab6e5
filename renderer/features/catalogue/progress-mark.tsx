import { Check } from 'lucide-react';

import type { LabProgress } from '../../../electron/contract/catalogue.ts';

const words: Readonly<Record<LabProgress, string>> = { new: 'not begun', begun: 'begun', passed: 'passed' };

/** How far the trainee came with a lab. */
export function ProgressMark({ progress }: { readonly progress: LabProgress }) {
  return (
    <span className={`progress-mark ${progress}`} title={words[progress]}>
      {progress === 'passed' && <Check size={12} strokeWidth={3.5} aria-hidden />}
      <span className="unseen">{words[progress]}</span>
    </span>
  );
}
