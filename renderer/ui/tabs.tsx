import './tabs.css';

import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

interface Tab<T extends string> {
  readonly id: T;
  readonly label: ReactNode;
  readonly content: ReactNode;
  /** Text to be read: the keyboard can scroll it. */
  readonly reads?: boolean;
  /** Stays alive while another tab is shown: a terminal does not start again. */
  readonly keep?: boolean;
}

interface TabsProps<T extends string> {
  /** What the tabs are about, for those who listen. */
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly value: T;
  readonly onChange: (id: T) => void;
  /** Stands at the end of the row of tabs. */
  readonly aside?: ReactNode;
}

/** One tab stop; the arrow keys go from tab to tab. */
export function Tabs<T extends string>({ label, tabs, value, onChange, aside }: TabsProps<T>) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex((it) => it.id === value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChange(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className="tabs">
      <div className="tab-row">
        <div role="tablist" tabIndex={-1} aria-label={label} ref={list} onKeyDown={move}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              data-tab={tab.id}
              id={`${base}-${tab.id}`}
              aria-selected={tab.id === value}
              aria-controls={`${base}-${tab.id}-panel`}
              tabIndex={tab.id === value ? 0 : -1}
              onClick={() => onChange(tab.id)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {aside}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.id}
          role="tabpanel"
          id={`${base}-${tab.id}-panel`}
          aria-labelledby={`${base}-${tab.id}`}
          className="tab-panel"
          tabIndex={tab.reads === true ? 0 : undefined}
          hidden={tab.id !== value}
        >
          {(tab.keep === true || tab.id === value) && tab.content}
        </div>
      ))}
    </div>
  );
}
