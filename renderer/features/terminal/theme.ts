import type { ITheme } from '@xterm/xterm';

/** The sixteen colours of ANSI, legible on the ground of each theme. */
const ansi = {
  light: {
    black: '#1b2630',
    red: '#b3261e',
    green: '#1a6b4f',
    yellow: '#855700',
    blue: '#1d5a94',
    magenta: '#7a3a8c',
    cyan: '#2b6a70',
    white: '#8b9299',
    brightBlack: '#56626d',
    brightRed: '#c93a31',
    brightGreen: '#23805f',
    brightYellow: '#9a6a12',
    brightBlue: '#2a6fb3',
    brightMagenta: '#9050a3',
    brightCyan: '#37818a',
    brightWhite: '#3a4650',
  },
  dark: {
    black: '#2d3a44',
    red: '#ff8a7a',
    green: '#6fcfa3',
    yellow: '#e6b65c',
    blue: '#82b8ee',
    magenta: '#d3a0e3',
    cyan: '#8cc5c3',
    white: '#e6e8e6',
    brightBlack: '#8496a3',
    brightRed: '#ffa598',
    brightGreen: '#8fdfba',
    brightYellow: '#f0c97e',
    brightBlue: '#a3ccf5',
    brightMagenta: '#e2bdee',
    brightCyan: '#a9d8d6',
    brightWhite: '#ffffff',
  },
} as const;

/** The colours of the page, as it is now. */
export function terminalTheme(): ITheme {
  const ground = colour('--sunk');
  return {
    ...ansi[isDark(ground) ? 'dark' : 'light'],
    background: ground,
    foreground: colour('--ink'),
    cursor: colour('--ink'),
    cursorAccent: ground,
    selectionBackground: colour('--hair'),
  };
}

/** Calls back whenever the page may have changed its colours. */
export function onRepaint(listener: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(listener);
  scheme.addEventListener('change', listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    scheme.removeEventListener('change', listener);
    observer.disconnect();
  };
}

/** A token resolved: xterm paints by itself and knows no custom properties. */
function colour(token: string): string {
  const sample = document.createElement('span');
  sample.style.color = `var(${token})`;
  document.body.append(sample);
  const { color } = getComputedStyle(sample);
  sample.remove();
  return hexOf(color);
}

/** xterm reads `#rrggbb`; browsers answer `rgb(…)`. */
export function hexOf(color: string): string {
  const [red = '0', green = '0', blue = '0'] = color.match(/[\d.]+/g) ?? [];
  return `#${[red, green, blue].map((it) => Math.round(Number(it)).toString(16).padStart(2, '0')).join('')}`;
}

function isDark(hex: string): boolean {
  const [red = 0, green = 0, blue = 0] = (hex.match(/[\da-f]{2}/g) ?? []).map((it) => Number.parseInt(it, 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
