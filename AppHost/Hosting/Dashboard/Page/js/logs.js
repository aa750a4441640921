import { h, render } from './dom.js';
import { ApiError, get, poll } from './api.js';
import { colorClass } from './colors.js';
import { clock, exact, plural, shortId } from './format.js';
import { icon } from './icons.js';
import { resourceOptions, store, withCurrent } from './store.js';
import { attributeList, copyButton, debounce, empty, searchBox, select, toggle } from './ui.js';

const levels = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'];
const short = { Trace: 'TRC', Debug: 'DBG', Information: 'INF', Warning: 'WRN', Error: 'ERR', Critical: 'CRT' };
const pageSize = 200, kept = 3000;

export function mount(host, first) {
  let ctx = first, records = [], seen = '', filter = null, total = 0, dropped = 0, answered = false, more = true, paused = false, failure = null, loadingOlder = false;
  const open = new Set();

  const question = () => ({ resource: ctx.param, level: ctx.query.get('level'), q: ctx.query.get('q'), traceId: ctx.query.get('traceId'), spanId: ctx.query.get('spanId'), limit: pageSize });

  const polling = poll(async (signal) => {
    if (paused) return;
    const asked = JSON.stringify(question());
    const answer = await get('/api/logs', question(), signal);
    failure = null;
    const mark = `${asked}|${answer.total}|${answer.logs[0]?.id}|${answer.dropped}`;
    if (filter !== asked) { filter = asked; records = []; more = answer.logs.length >= pageSize; }
    if (mark === seen && answered) return;
    seen = mark;
    answered = true;
    ({ total, dropped } = answer);
    const newest = records[0]?.id ?? -Infinity;
    const fresh = answer.logs.filter((record) => record.id > newest);
    // More came at once than one answer holds: what lies between is missing, so the list starts anew instead of hiding a gap.
    if (records.length && fresh.length === answer.logs.length && fresh.length >= pageSize) { records = answer.logs; more = true; }
    else records = fresh.concat(records);
    if (records.length > kept) { records.length = kept; more = true; }
    draw();
  }, 1000, (error) => { if (error instanceof ApiError) { failure = error; draw(); } });

  async function older() {
    if (loadingOlder || !records.length) return;
    loadingOlder = true;
    draw();
    const asked = filter;
    try {
      const answer = await get('/api/logs', { ...question(), before: records[records.length - 1].id });
      if (asked === filter) { records = records.concat(answer.logs); more = answer.logs.length >= pageSize; }
    } catch { /* the connection state says it; the button stays to try again */ }
    loadingOlder = false;
    draw();
  }

  const restart = debounce(() => polling.restart(), 200);

  function draw() {
    const query = ctx.query;
    const traceId = query.get('traceId'), spanId = query.get('spanId');
    render(host,
      h('h1', { class: 'visually-hidden', key: 'h1' }, 'Structured logs'),
      h('div', { class: 'toolbar', key: 'toolbar' },
        select('Resource', ctx.param, withCurrent(resourceOptions('All resources', true), ctx.param), (name) => ctx.toResource('/structuredlogs', name)),
        select('Minimum level', query.get('level') ?? '', [['', 'All levels'], ...levels.slice(1).map((level) => [level, level === 'Critical' ? level : `${level} and above`])], (level) => ctx.set({ level })),
        searchBox(query.get('q') ?? '', 'Search messages', (value) => ctx.set({ q: value }), 'log-search'),
        traceId && filterChip('trace', traceId, { traceId: null, spanId: null }),
        spanId && filterChip('span', spanId, { spanId: null }),
        h('span', { class: 'grow' }),
        h('span', { class: 'muted summary', key: 'total' }, answered && `${plural(total, 'record')}${dropped ? `, ${dropped.toLocaleString('en')} dropped` : ''}`),
        toggle('Pause', paused, (on) => { paused = on; draw(); if (!on) polling.restart(); }, 'pause')),
      failure ? empty(failure.title, failure.message)
        : !answered ? h('div', { class: 'panel loading', key: 'loading' }, 'Loading…')
          : records.length ? list()
            : traceId || query.get('q') || query.get('level') || ctx.param ? empty('Nothing matches', 'Lower the level, clear the search or choose another resource.')
              : empty('No log records yet', 'A resource that sends OTLP shows its records here. For plain output see Console.'));
  }

  function filterChip(label, value, cleared) {
    return h('span', { class: 'chip filter-chip', key: label, 'data-testid': `${label}-filter` }, `${label} `, h('span', { class: 'mono' }, shortId(value)),
      h('button', { class: 'icon-button tiny', 'aria-label': `Remove the ${label} filter`, onclick: () => ctx.set(cleared, false) }, icon('close')));
  }

  function list() {
    return h('div', { class: 'panel', key: 'list' }, h('table', { class: 'table logs' },
      h('thead', null, h('tr', null, ['Level', 'Time', 'Resource', 'Message', 'Category', 'Trace'].map((label) => h('th', { scope: 'col', key: label, class: `col-${label.toLowerCase()}` }, label)))),
      h('tbody', null, records.flatMap((record) => (open.has(record.id) ? [row(record), details(record)] : [row(record)])))),
    more && h('div', { class: 'list-more' }, h('button', { class: 'button', 'data-testid': 'load-older', disabled: loadingOlder, onclick: older }, loadingOlder ? 'Loading…' : 'Load older')));
  }

  // Records never change: a row is described once and then reused, which also lets the drawing skip it.
  const rows = new WeakMap();
  function row(record) {
    const expanded = open.has(record.id);
    const made = rows.get(record);
    if (made && made.expanded === expanded) return made.vnode;
    const vnode = h('tr', { key: record.id, class: `clickable level-${(record.level ?? '').toLowerCase()} ${expanded ? 'selected' : ''}`, 'data-testid': 'log-row', 'data-level': record.level,
      onclick: (event) => { if (!event.target.closest('a, button') && !String(getSelection())) flip(record); } },
    h('td', { class: 'col-level' }, h('span', { class: 'level', title: record.level }, short[record.level] ?? record.level)),
    h('td', { class: 'col-time mono', title: exact(record.at) }, clock(record.at, true)),
    h('td', { class: 'col-resource' }, h('span', { class: `service ${colorClass(record.resource)}`, title: record.instance ?? '' }, record.resource)),
    h('td', { class: 'col-message' }, h('div', { class: 'name-cell' }, h('button', { class: 'link message', 'aria-expanded': String(expanded), onclick: () => flip(record) }, record.message || '(no message)'),
      record.exception && h('span', { class: 'badge bad' }, 'exception'))),
    h('td', { class: 'col-category', title: record.category ?? '' }, h('span', { class: 'ellipsis' }, (record.category ?? '').split('.').slice(-2).join('.'))),
    h('td', { class: 'col-trace' }, record.traceId ? h('a', { class: 'mono', href: traceLink(record), title: `Trace ${record.traceId}` }, shortId(record.traceId)) : h('span', { class: 'muted' }, '–')));
    rows.set(record, { expanded, vnode });
    return vnode;
  }

  function flip(record) {
    if (!open.delete(record.id)) open.add(record.id);
    draw();
  }

  function details(record) {
    const pairs = [{ key: 'time', value: exact(record.at) }, { key: 'category', value: record.category }, { key: 'instance', value: record.instance },
      ...(record.traceId ? [{ key: 'trace', value: record.traceId }, { key: 'span', value: record.spanId }] : []), ...(record.attributes ?? [])];
    return h('tr', { key: `${record.id}+`, class: 'log-details' }, h('td', { colspan: '6' },
      h('div', { class: 'log-message' }, h('pre', null, record.message ?? ''), copyButton(record.message ?? '', 'message')),
      record.exception && h('div', { class: 'exception' }, h('pre', null, record.exception), copyButton(record.exception, 'exception')),
      attributeList(pairs.filter((pair) => pair.value !== null && pair.value !== undefined && pair.value !== '')),
      record.traceId && h('p', { class: 'log-links' }, h('a', { href: traceLink(record) }, 'Open the trace'), h('a', { href: `/structuredlogs?traceId=${record.traceId}` }, 'All records of this trace'))));
  }

  const title = () => ctx.title(ctx.param ? `Logs: ${ctx.param}` : 'Structured logs');
  const unsubscribe = store.subscribe(() => draw());
  title();
  draw();
  return {
    update(next) {
      const before = JSON.stringify(question());
      ctx = next;
      title();
      draw();
      if (JSON.stringify(question()) !== before) restart();
    },
    dispose() { polling.stop(); unsubscribe(); },
  };
}

const traceLink = (record) => `/traces/detail/${record.traceId}${record.spanId ? `?span=${record.spanId}` : ''}`;
