import { clearLine, type Screen } from '../reporter.ts';
import { styleFor } from './style.ts';

export interface LiveLine {
  /** Prints for good, above the live line. */
  print(text: string): void;
  /** Shows what is going on, until something else is shown. Does nothing where lines cannot be drawn over. */
  show(what: string, progress: string): void;
  stop(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** One line at the bottom that is drawn over, for as long as something runs. */
export function liveLine(screen: Screen): LiveLine {
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  let frame = 0;
  let text = { what: '', progress: '' };

  const draw = (): void => {
    const { color } = styleFor(screen);
    frame = (frame + 1) % frames.length;
    // Under a second it would only flicker.
    const seconds = Math.floor((performance.now() - since) / 1000);
    const time = seconds === 0 ? '' : `${seconds} s`;
    const tail = [text.progress, time].filter(Boolean).join(' · ');
    const room = screen.columns - tail.length - 9;
    const what = text.what.length > room ? `${text.what.slice(0, Math.max(0, room - 1))}…` : text.what;
    screen.write(`${clearLine}  ${color.cyan(frames[frame] ?? '')} ${what}  ${color.dim(tail)}`);
  };
  const stop = (): void => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    screen.write(clearLine);
  };

  return {
    print(printed) {
      if (printed === '') return;
      stop();
      screen.write(printed);
    },
    show(what, progress) {
      if (!screen.live) return;
      if (what !== text.what) since = performance.now();
      text = { what, progress };
      timer ??= setInterval(draw, 100).unref();
      draw();
    },
    stop,
  };
}
