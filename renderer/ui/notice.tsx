import './notice.css';

import type { ReactNode } from 'react';

interface NoticeProps {
  readonly tone: 'attack' | 'stopped' | 'service' | 'unsure' | 'broken' | 'neutral';
  readonly title?: string;
  readonly children?: ReactNode;
}

/** Something that the reader should know here, and need not click away. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={`notice ${tone}`}>
      {title !== undefined && <strong>{title}</strong>}
      {children}
    </div>
  );
}
