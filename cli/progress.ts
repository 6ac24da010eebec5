// Shows on stderr how a run is getting on: redrawn on a terminal, a plain line now and then otherwise.

import type { Live } from '../engine/world.ts';
import { progressDisplay, progressLine } from '../results/progress.ts';
import { look } from './look.ts';
import type { Pace } from './pace.ts';
import { say } from './say.ts';

export interface Progress {
  begin(live: Live): void;
  /** Takes the display away. */
  end(): void;
}

const REDRAW_MS = 500;
const LINE_MS = 5_000;
const NOTHING: Progress = { begin: () => {}, end: () => {} };

/** `quiet` shows nothing. */
export function createProgress(pace: Pace, quiet: boolean): Progress {
  if (quiet) return NOTHING;
  return process.stderr.isTTY === true && process.env['TERM'] !== 'dumb' ? redrawn(pace) : inLines(pace);
}

function inLines(pace: Pace): Progress {
  return every(
    LINE_MS,
    (live) => say(progressLine(pace.view(live))),
    () => {},
  );
}

/** Draws over itself: up as many lines as were drawn, each cleared before it is written. The cursor hides meanwhile. */
function redrawn(pace: Pace): Progress {
  let drawn = 0;
  const wipe = (): string => (drawn === 0 ? '' : `\x1b[${drawn}A\x1b[J`);
  const draw = (live: Live): void => {
    const lines = progressDisplay(pace.view(live), look(process.stderr).width);
    process.stderr.write(`${wipe()}\x1b[?25l${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  return every(REDRAW_MS, draw, () => {
    process.stderr.write(`${wipe()}\x1b[?25h`);
    drawn = 0;
  });
}

function every(milliseconds: number, show: (live: Live) => void, end: () => void): Progress {
  let timer: NodeJS.Timeout | null = null;
  return {
    begin(live) {
      timer = setInterval(() => show(live), milliseconds);
    },
    end() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      end();
    },
  };
}
