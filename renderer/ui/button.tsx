import './button.css';

import type { ComponentProps, ReactNode } from 'react';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the next step, once a screen; `quiet`: no frame until it is looked for. */
  readonly tone?: 'primary' | 'plain' | 'quiet';
  readonly icon?: ReactNode;
}

export function Button({ tone = 'plain', icon, children, className = '', ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={`button ${tone} ${className}`}>
      {icon}
      {children}
    </button>
  );
}

/** An icon alone; its name is read out, and shown when the pointer rests on it. */
export function IconButton({ label, children, className = '', ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button type="button" title={label} aria-label={label} {...rest} className={`button quiet icon-only ${className}`}>
      {children}
    </button>
  );
}
