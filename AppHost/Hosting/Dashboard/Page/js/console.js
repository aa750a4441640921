import { h, render, build } from './dom.js';
import { get, poll } from './api.js';
import { ConsoleLines } from './console-lines.js';
import { icon } from './icons.js';
import { plural } from './format.js';
import { resourceOptions, store, withCurrent } from './store.js';
import { debounce, searchBox, select, toggle } from './ui.js';

const remembered = (key, initial) => { try { return JSON.parse(localStorage.getItem(key)) ?? initial; } catch { return initial; } };
const remember = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* only lasts until the page is left */ } };

export function mount(host, first) {
  let ctx = first, after = null, source = null, paused = false, dropped = 0, answered = false, polling = null;
  let timestamps = remembered('console.timestamps', innerWidth >= 700), wrap = remembered('console.wrap', true);
  const toolbar = build(h('div', { class: 'toolbar' }));
  const scroller = build(h('div', { class: 'console-scroll', tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': 'Console output' }));
  const note = build(h('div', { class: 'console-note' }));
  const container = build(h('div', { class: 'console-lines', 'data-testid': 'console' }));
  const end = build(h('div', { class: 'console-end' }));
  const panel = build(h('div', { class: 'panel console-panel' }));
  scroller.append(note, container);
  panel.append(scroller, end);
  host.append(toolbar, panel);
  const lines = new ConsoleLines(scroller, container, () => draw());
  const applySearch = debounce(() => { lines.search(ctx.query.get('q') ?? '', ctx.query.get('matching') === '1'); draw(); }, 120);

  function follow() {
    const next = `${ctx.param}|${ctx.query.get('replica') ?? ''}`;
    if (next === source) return;
    source = next;
    after = null;
    answered = false;
    dropped = 0;
    lines.reset();
    lines.withResource = !ctx.param;
    polling?.restart();
  }

  async function ask(signal) {
    if (paused) return;
    const answer = await get('/api/console', { resource: ctx.param, replica: ctx.query.get('replica'), after, limit: 1000 }, signal);
    after = answer.next ?? after;
    answered = true;
    dropped = answer.dropped ?? 0;
    lines.append(answer.lines);
    draw();
    if (lines.atEnd && answer.lines.length) lines.toEnd();
  }

  function draw() {
    const resource = store.find(ctx.param);
    const replicas = (resource?.replicas?.length ?? 0) > 1 ? resource.replicas : null;
    const query = ctx.query.get('q') ?? '';
    panel.classList.toggle('no-time', !timestamps);
    panel.classList.toggle('no-wrap', !wrap);
    render(toolbar,
      h('h1', { class: 'visually-hidden' }, 'Console logs'),
      select('Resource', ctx.param, withCurrent(resourceOptions(), ctx.param), (name) => { ctx.set({ replica: null }); ctx.toResource('/consolelogs', name); }),
      replicas && select('Replica', ctx.query.get('replica') ?? '', [['', 'All replicas'], ...replicas.map((replica) => [replica.id, replica.id])], (id) => ctx.set({ replica: id }), 'replica'),
      h('div', { class: 'search-group', key: 'search-group', onkeydown: (event) => { if (event.key === 'Enter' && event.target.localName === 'input') { event.preventDefault(); lines.step(event.shiftKey ? -1 : 1); } } },
        searchBox(query, 'Search the output', (value) => ctx.set({ q: value }), 'console-search'),
        query && h('span', { class: 'muted nowrap', role: 'status', 'data-testid': 'match-count' }, plural(lines.matches, 'match').replace('matchs', 'matches')),
        query && toggle('Only matching', ctx.query.get('matching') === '1', (on) => ctx.set({ matching: on ? '1' : null }), 'filter')),
      h('span', { class: 'grow' }),
      h('div', { class: 'button-row', key: 'buttons' },
        toggle('Timestamps', timestamps, (on) => { timestamps = on; remember('console.timestamps', on); draw(); }, 'clock'),
        toggle('Wrap', wrap, (on) => { wrap = on; remember('console.wrap', on); draw(); if (lines.atEnd) lines.toEnd(); }, 'wrap'),
        toggle('Pause', paused, (on) => { paused = on; draw(); if (!on) polling.restart(); }, 'pause'),
        h('button', { class: 'button', key: 'clear', title: 'Clear this view', 'aria-label': 'Clear', onclick: () => { lines.reset(); draw(); } }, icon('clear'), h('span', { class: 'toggle-text' }, 'Clear')),
        h('button', { class: 'button', key: 'download', title: 'Download as text', 'aria-label': 'Download', onclick: download }, icon('download'), h('span', { class: 'toggle-text' }, 'Download'))));
    const lost = dropped + lines.lost;
    render(note,
      lost > 0 && h('p', { class: 'muted', key: 'lost' }, `${plural(lost, 'older line')} dropped`),
      lines.hidden > 0 && h('button', { class: 'button', key: 'earlier', onclick: () => { lines.earlier(); draw(); } }, `Show earlier lines (${lines.hidden.toLocaleString('en')} kept)`),
      answered && lines.lines.length === 0 && h('p', { class: 'muted', key: 'none' }, paused ? 'Paused.' : ctx.param ? `No output of ${ctx.param} yet. New lines appear here by themselves.` : 'No output yet. Start a resource, and its lines appear here.'),
      lines.lines.length > 0 && lines.shown.length === 0 && h('p', { class: 'muted', key: 'nomatch' }, 'No line matches the search.'));
    render(end, paused && h('span', { class: 'pill', key: 'paused' }, 'Paused'),
      !lines.atEnd && h('button', { class: 'button primary', key: 'end', 'data-testid': 'jump-to-end', onclick: () => { lines.toEnd(); draw(); } }, icon('down'), 'Jump to end'));
  }

  function download() {
    const url = URL.createObjectURL(new Blob([lines.text()], { type: 'text/plain' }));
    const link = build(h('a', { href: url, download: `${ctx.param || 'all'}.log` }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  const title = () => ctx.title(ctx.param ? `Console: ${ctx.param}` : 'Console logs');
  const unsubscribe = store.subscribe(() => draw());
  title();
  follow();
  lines.search(ctx.query.get('q') ?? '', ctx.query.get('matching') === '1');
  draw();
  polling = poll(ask, 500);
  return {
    update(next) { ctx = next; title(); follow(); applySearch(); draw(); },
    dispose() { polling.stop(); unsubscribe(); },
  };
}
