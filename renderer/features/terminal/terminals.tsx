import './terminals.css';

import { ChevronDown, ChevronUp, Plus, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { usePreferences } from '../../state/preferences.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { useWork } from '../../state/work.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { closeTerminal, goToTerminal, openTerminal, titleOf, useTerminals } from './open-terminals.ts';
import type { Session } from './session.ts';
import { onRepaint } from './theme.ts';

/** Terminals on the nodes, a tab each. It stays mounted while the files are shown, and takes `terminal` requests of useWork. */
export function Terminals() {
  const { list, active, searching } = useTerminals();
  const nodes = useSnapshot((it) => it.now?.network?.nodes);
  const fontSize = usePreferences((it) => it.now?.terminalFontSize);
  useRequests();
  useEffect(
    () =>
      onRepaint(() => {
        for (const { session } of useTerminals.getState().list) session.paint();
      }),
    [],
  );
  useEffect(() => {
    if (fontSize === undefined) return;
    for (const { session } of list) {
      session.setFontSize(fontSize);
      session.fit();
    }
  }, [fontSize, list]);

  const shown = list.find((it) => it.id === active);
  if (shown === undefined) return <NoTerminal nodes={nodes ?? []} />;
  return (
    <div className="terminals">
      <Tabs
        label="Terminals"
        value={shown.id}
        onChange={(id) => useTerminals.setState({ active: id, searching: false })}
        aside={
          <div className="terminal-tools">
            <IconButton label={`Another terminal on ${shown.node}`} onClick={() => openTerminal(shown.node)}>
              <Plus size={16} aria-hidden />
            </IconButton>
            <IconButton
              label="Search (Ctrl+Shift+F)"
              aria-pressed={searching}
              onClick={() => useTerminals.setState({ searching: !searching })}
            >
              <Search size={16} aria-hidden />
            </IconButton>
            <IconButton label={`Close ${titleOf(shown, list)}`} onClick={() => closeTerminal(shown.id)}>
              <X size={16} aria-hidden />
            </IconButton>
          </div>
        }
        tabs={list.map((it) => ({
          id: it.id,
          label: titleOf(it, list),
          keep: true,
          content: <Screen session={it.session} visible={it.id === active} />,
        }))}
      />
      {searching && <SearchBar session={shown.session} />}
    </div>
  );
}

function useRequests(): void {
  const { request, done } = useWork();
  useEffect(() => {
    if (request?.kind !== 'terminal') return;
    goToTerminal(request.node, request.capture);
    done(request);
  }, [request, done]);
}

/** The place of a session in the page. */
function Screen({ session, visible }: { readonly session: Session; readonly visible: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(session.element);
    const observer = new ResizeObserver(() => session.fit());
    observer.observe(session.element);
    return () => {
      observer.disconnect();
      session.element.remove();
    };
  }, [session]);
  useEffect(() => {
    if (!visible) return;
    session.fit();
    session.focus();
  }, [session, visible]);
  return <div className="terminal-place" ref={place} />;
}

function NoTerminal({ nodes }: { readonly nodes: readonly string[] }) {
  if (nodes.length === 0) return <p className="terminal-none quiet">Terminals open once the network runs.</p>;
  return (
    <div className="terminal-none">
      <p className="quiet">Open a terminal on</p>
      <ul>
        {nodes
          .filter((it) => it !== 'fabric')
          .map((node) => (
            <li key={node}>
              <Button onClick={() => openTerminal(node)}>{node}</Button>
            </li>
          ))}
      </ul>
    </div>
  );
}

function SearchBar({ session }: { readonly session: Session }) {
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const find = (direction: 'next' | 'previous', what = text): void =>
    setMissing(what !== '' && !session.find(what, direction));
  const close = (): void => {
    useTerminals.setState({ searching: false });
    session.focus();
  };
  return (
    <search className="terminal-search">
      <input
        ref={input}
        aria-label="Search in the terminal"
        aria-invalid={missing}
        placeholder="Search"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          find('next', event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(event.shiftKey ? 'previous' : 'next');
          if (event.key === 'Escape') close();
        }}
      />
      <span className="small quiet" role="status">
        {missing ? 'not found' : ''}
      </span>
      <IconButton label="Previous" onClick={() => find('previous')}>
        <ChevronUp size={16} aria-hidden />
      </IconButton>
      <IconButton label="Next" onClick={() => find('next')}>
        <ChevronDown size={16} aria-hidden />
      </IconButton>
      <IconButton label="Close the search" onClick={close}>
        <X size={16} aria-hidden />
      </IconButton>
    </search>
  );
}
