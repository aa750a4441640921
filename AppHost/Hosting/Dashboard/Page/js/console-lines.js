import { paint, parse, plain } from './ansi.js';
import { colorClass } from './colors.js';
import { clock, exact } from './format.js';

const kept = 10000, drawn = 2000;

// The lines themselves: built by hand and appended, since a redraw of thousands of rows per half second would be felt.
export class ConsoleLines {
  constructor(scroller, container, changed) {
    Object.assign(this, { scroller, container, changed, lines: [], needle: '', onlyMatching: false, withResource: true, lost: 0, window: drawn, current: -1 });
    this.atEnd = true;
    this.top = 0;
    scroller.addEventListener('scroll', () => {
      // Only going up leaves the end: new lines also move the end away, and that must not stop the following.
      const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 8 || (this.atEnd && scroller.scrollTop >= this.top);
      this.top = scroller.scrollTop;
      if (atEnd !== this.atEnd) { this.atEnd = atEnd; changed(); }
    }, { passive: true });
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(scroller);
  }

  reset() {
    this.lines = [];
    this.lost = 0;
    this.current = -1;
    this.window = drawn;
    this.atEnd = true;
    this.container.replaceChildren();
  }

  get matches() { return this.needle ? this.lines.reduce((sum, line) => sum + (line.matched ? 1 : 0), 0) : 0; }
  get shown() { return this.onlyMatching && this.needle ? this.lines.filter((line) => line.matched) : this.lines; }
  get hidden() { return Math.max(0, this.shown.length - this.container.children.length); }

  append(lines) {
    if (!lines.length) return;
    for (const line of lines) {
      line.plain = plain(line.text);
      line.matched = this.isMatch(line);
      this.lines.push(line);
    }
    if (this.lines.length > kept) { this.lost += this.lines.length - kept; this.lines.splice(0, this.lines.length - kept); }
    const fragment = document.createDocumentFragment();
    for (const line of lines.slice(-drawn)) if (this.visible(line)) fragment.append(this.row(line));
    this.container.append(fragment);
    this.trim();
    if (this.atEnd) this.toEnd();
  }

  trim() {
    const tooMany = this.container.children.length - this.window;
    if (tooMany <= 0) return;
    const firstKept = this.container.children[tooMany];
    const before = firstKept.offsetTop;
    for (let count = 0; count < tooMany; count++) this.container.firstChild.remove();
    if (!this.atEnd) this.scroller.scrollTop -= before - firstKept.offsetTop;
  }

  earlier() {
    const before = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.window += drawn;
    this.redraw(true);
    this.scroller.scrollTop = this.scroller.scrollHeight - before;
  }

  search(needle, onlyMatching) {
    const lower = needle.toLowerCase();
    if (lower === this.needle && onlyMatching === this.onlyMatching) return;
    this.needle = lower;
    this.onlyMatching = onlyMatching;
    this.current = -1;
    for (const line of this.lines) line.matched = this.isMatch(line);
    this.redraw();
  }

  isMatch(line) { return Boolean(this.needle) && line.plain.toLowerCase().includes(this.needle); }
  visible(line) { return !this.onlyMatching || !this.needle || line.matched; }

  redraw(stay = false) {
    const fragment = document.createDocumentFragment();
    for (const line of this.shown.slice(-this.window)) fragment.append(this.row(line));
    this.container.replaceChildren(fragment);
    if (this.atEnd && !stay) this.toEnd();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.top = this.scroller.scrollTop;
    this.atEnd = true;
  }

  step(direction) {
    const rows = this.container.querySelectorAll('.has-match');
    if (!rows.length) return;
    this.container.querySelector('.current-match')?.classList.remove('current-match');
    this.current = this.current < 0 ? (direction > 0 ? 0 : rows.length - 1) : (this.current + direction + rows.length) % rows.length;
    rows[this.current].classList.add('current-match');
    rows[this.current].scrollIntoView({ block: 'center' });
    this.atEnd = false;
    this.changed();
  }

  text() {
    return this.lines.map((line) => `${exact(line.at)} ${line.resource}${line.replica ? `/${line.replica}` : ''} ${line.plain}`).join('\n') + '\n';
  }

  row(line) {
    const row = document.createElement('div');
    row.className = `line${line.isError ? ' is-error' : ''}${line.matched ? ' has-match' : ''}`;
    const time = document.createElement('span');
    time.className = 'line-time';
    time.title = exact(line.at);
    time.textContent = clock(line.at, true);
    row.append(time);
    if (this.withResource) {
      const name = document.createElement('span');
      name.className = `line-resource ${colorClass(line.resource)}`;
      name.textContent = line.resource;
      if (line.replica) name.title = line.replica;
      row.append(name);
    }
    const text = document.createElement('span');
    text.className = 'line-text';
    this.fill(text, line);
    row.append(text);
    return row;
  }

  fill(host, line) {
    let offset = 0;
    const lower = line.matched ? line.plain.toLowerCase() : '';
    const size = this.needle.length;
    for (const part of parse(line.text)) {
      const span = document.createElement('span');
      paint(span, part);
      if (!line.matched) span.textContent = part.text;
      else {
        // A match may begin in one colour and end in another: each part marks the share that is its own.
        let at = 0;
        while (at < part.text.length) {
          const found = covering(lower, this.needle, offset + at);
          const start = Math.max(at, found - offset), end = Math.min(part.text.length, found - offset + size);
          if (found < 0 || start >= part.text.length) { span.append(part.text.slice(at)); break; }
          if (start > at) span.append(part.text.slice(at, start));
          const mark = document.createElement('mark');
          mark.textContent = part.text.slice(start, end);
          span.append(mark);
          at = end;
        }
      }
      offset += part.text.length;
      host.append(span);
    }
  }
}

function covering(text, needle, from) {
  let found = text.indexOf(needle, 0);
  while (found >= 0 && found + needle.length <= from) found = text.indexOf(needle, found + needle.length);
  return found;
}
