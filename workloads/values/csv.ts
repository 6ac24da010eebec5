// Comma-separated values as in RFC 4180: quotes, doubled quotes, line breaks inside quotes.

export interface CsvRow {
  /** Line on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** All rows but empty lines. `unclosed` is the line of a quote that never closes, null when all do. */
export interface Csv {
  readonly rows: readonly CsvRow[];
  readonly unclosed: number | null;
}

export function parseCsv(text: string): Csv {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell === null) return { rows, unclosed: line };
    cells.push(cell.text);
    line += cell.breaks;
    at = cell.end;
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: rowLine, cells });
    cells = [];
    if (at >= text.length) return { rows, unclosed: null };
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    rowLine = line;
  }
}

interface Cell {
  readonly text: string;
  /** Index of the first character after the cell: a comma, a line break or the end. */
  readonly end: number;
  /** Line breaks inside it. */
  readonly breaks: number;
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && !',\r\n'.includes(text.charAt(end))) end += 1;
  return { text: text.slice(start, end).trim(), end, breaks: 0 };
}

/** Characters between the closing quote and the next comma belong to the cell, as spreadsheets read it. */
function quotedCell(text: string, start: number): Cell | null {
  let content = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return null;
    content += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    content += '"';
    at += 1;
  }
  const tail = plainCell(text, at);
  return { text: content + tail.text, end: tail.end, breaks: content.split('\n').length - 1 };
}
