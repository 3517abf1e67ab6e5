import '@xterm/xterm/css/xterm.css';

import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';

import type { TerminalConnection } from '../../host/lab-host.ts';
import { complain } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { actionOf } from './keys.ts';
import { terminalTheme } from './theme.ts';

export interface SessionOptions {
  readonly node: string;
  /** Packets of this interface instead of a shell. */
  readonly capture: string | undefined;
  readonly fontSize: number;
  /** The person wants to look for something in what was shown. */
  readonly onSearch: () => void;
}

/** One terminal with what it has shown. It lives on while its element is not in the page. */
export interface Session {
  readonly element: HTMLElement;
  fit(): void;
  focus(): void;
  find(text: string, direction: 'next' | 'previous'): boolean;
  setFontSize(size: number): void;
  /** Takes the colours of the page anew. */
  paint(): void;
  close(): void;
}

export function openSession({ node, capture, fontSize, onSearch }: SessionOptions): Session {
  const element = document.createElement('div');
  element.className = 'terminal-screen';
  const terminal = new Terminal({
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    fontSize,
    lineHeight: 1.15,
    scrollback: 10_000,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    minimumContrastRatio: 4.5,
    theme: terminalTheme(),
  });
  const [fitting, search] = [new FitAddon(), new SearchAddon()];
  terminal.loadAddon(fitting);
  terminal.loadAddon(search);
  terminal.loadAddon(
    new WebLinksAddon((_event, url) => void host().call('app.openLink', { url }).catch(complain), {
      urlRegex: /https:\/\/[^\s"'<>()[\]{}|\\^`]+[^\s"'<>()[\]{}|\\^`.,:;!?]/,
    }),
  );

  let connection: TerminalConnection | undefined;
  let isClosed = false;
  let hasEnded = false;
  const connect = async (): Promise<void> => {
    hasEnded = false;
    const { cols: columns, rows } = terminal;
    try {
      const opened = await host().openTerminal({ node, columns, rows, ...(capture === undefined ? {} : { capture }) });
      if (isClosed) return await opened.close();
      connection = opened;
      // xterm calls back when the bytes are on the screen: so a flood waits in the node and not in here.
      opened.onBytes((bytes, shown) => terminal.write(bytes, shown));
      if (terminal.cols !== columns || terminal.rows !== rows) await opened.resize(terminal.cols, terminal.rows);
    } catch (error) {
      complain(error);
      end('could not be opened');
    }
  };
  const end = (why: string): void => {
    hasEnded = true;
    connection = undefined;
    terminal.write(`\r\n\x1b[2m[${why}; Enter opens it again]\x1b[0m\r\n`);
  };
  const stopListening = host().on('terminal.ended', (event) => {
    if (event.terminal === connection?.terminal) end('ended');
  });

  terminal.onData((text) => {
    if (hasEnded && text === '\r') void connect();
    else connection?.write(text);
  });
  terminal.onResize(({ cols, rows }) => connection?.resize(cols, rows).catch(complain));
  terminal.attachCustomKeyEventHandler((event) => {
    const act = actionOf(event, terminal.hasSelection());
    if (act === undefined) return true;
    if (event.type === 'keydown') {
      if (act === 'copy') void navigator.clipboard.writeText(terminal.getSelection()).catch(complain);
      if (act === 'search') onSearch();
    }
    // The browser pastes by itself, through xterm's own listener.
    if (act !== 'paste') event.preventDefault();
    return false;
  });

  // Letters are measured when the terminal appears: by then their face has to be there.
  const face = document.fonts.load(`${fontSize}px 'Source Code'`);
  let state: 'closed' | 'opening' | 'open' = 'closed';
  let isWanted = false;
  const open = async (): Promise<void> => {
    state = 'opening';
    await face.catch(() => []); // Another monospaced face is as good.
    if (isClosed) return;
    terminal.open(element);
    state = 'open';
    fitting.fit();
    if (isWanted) terminal.focus();
    await connect();
  };
  return {
    element,
    fit() {
      if (element.clientWidth === 0 || element.clientHeight === 0) return;
      if (state === 'closed') void open();
      if (state === 'open') fitting.fit();
    },
    focus() {
      isWanted = true;
      terminal.focus();
    },
    find: (text, direction) => (direction === 'next' ? search.findNext(text) : search.findPrevious(text)),
    setFontSize(size) {
      terminal.options.fontSize = size;
    },
    paint() {
      terminal.options.theme = terminalTheme();
    },
    close() {
      isClosed = true;
      stopListening();
      connection?.close().catch(complain);
      terminal.dispose();
      element.remove();
    },
  };
}
