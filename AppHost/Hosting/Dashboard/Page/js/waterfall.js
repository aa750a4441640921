import { h, render } from './dom.js';
import { ApiError, get, poll } from './api.js';
import { colorClass } from './colors.js';
import { exact, millis, plural, round, shortId } from './format.js';
import { icon } from './icons.js';
import { tree, ticks } from './span-tree.js';
import { store } from './store.js';
import { attributeList, copyButton, empty, searchBox } from './ui.js';

export function mount(host, first) {
  let ctx = first, trace = null, text = '', failure = null, rows = [], unchanged = 0, scrolled = false;
  const closed = new Set();
  // A trace may still grow when it is opened: it is asked again until it has stayed the same for a while.
  const polling = poll(async (signal) => {
    if (unchanged > 15) return;
    const next = await get(`/api/traces/${encodeURIComponent(ctx.param)}`, null, signal);
    failure = null;
    const nextText = JSON.stringify(next);
    if (nextText === text) { unchanged++; return; }
    text = nextText;
    unchanged = 0;
    trace = next;
    rows = tree(trace.spans);
    title();
    draw();
  }, 2000, (error) => { if (error instanceof ApiError && !trace) { failure = error; draw(); } });

  function matches(span, needle) {
    return `${span.name} ${span.resource} ${span.spanId} ${span.statusMessage ?? ''} ${(span.attributes ?? []).map((pair) => `${pair.key}=${pair.value}`).join(' ')}`.toLowerCase().includes(needle);
  }

  function draw() {
    if (failure) return render(host, back(), empty(failure.status === 404 ? 'This trace is not here' : failure.title, failure.status === 404 ? 'It may have been dropped for newer ones, or its spans have not arrived yet.' : failure.message));
    if (!trace) return render(host, back(), h('div', { class: 'panel loading', key: 'loading' }, 'Loading…'));
    const needle = (ctx.query.get('q') ?? '').trim().toLowerCase();
    const selected = trace.spans.find((span) => span.spanId === ctx.query.get('span'));
    const shown = rows.filter((row) => !row.ancestors.some((id) => closed.has(id)));
    const found = needle ? new Set(rows.filter((row) => matches(row.span, needle)).map((row) => row.span.spanId)) : null;
    const services = [...new Set(trace.spans.map((span) => span.resource))];
    const errors = trace.spans.filter((span) => span.isError).length;
    render(host,
      h('div', { class: 'trace-head', key: 'head' }, back(),
        h('h1', null, trace.name),
        h('div', { class: 'trace-facts' },
          h('span', null, h('b', null, millis(trace.durationMs))), h('span', null, plural(trace.spans.length, 'span')), h('span', null, plural(services.length, 'service')),
          errors > 0 && h('span', { class: 'text-bad' }, plural(errors, 'error')),
          h('span', { class: 'muted nowrap' }, exact(trace.startedAt)),
          h('span', { class: 'mono muted' }, shortId(trace.traceId), copyButton(trace.traceId, 'trace id')),
          h('a', { href: `/structuredlogs?traceId=${trace.traceId}` }, 'Logs of this trace'))),
      h('div', { class: 'toolbar', key: 'toolbar' },
        searchBox(ctx.query.get('q') ?? '', 'Search in this trace', (value) => ctx.set({ q: value }), 'span-search'),
        found && h('span', { class: 'muted' }, `${found.size} of ${plural(rows.length, 'span')}`),
        h('button', { class: 'button', onclick: () => { if (closed.size) closed.clear(); else for (const row of rows) if (row.below && row.depth > 0) closed.add(row.span.spanId); draw(); } }, closed.size ? 'Expand all' : 'Collapse'),
        h('span', { class: 'grow' }),
        h('div', { class: 'chips' }, services.map((name) => h('span', { key: name, class: `service ${colorClass(name)}` }, name)))),
      h('div', { class: `trace-body ${selected ? 'with-span' : ''}`, key: 'body' },
        h('div', { class: 'panel waterfall', 'data-testid': 'waterfall' }, axis(), h('div', { role: 'list' }, shown.map((row) => spanRow(row, selected, found)))),
        selected && spanPanel(selected)));
    if (selected && !scrolled) {
      scrolled = true;
      host.querySelector('.span-row.selected')?.scrollIntoView({ block: 'center' });
    }
  }

  const back = () => h('a', { class: 'back', href: '/traces', key: 'back' }, icon('back'), 'Traces');
  const total = () => Math.max(trace.durationMs, ...trace.spans.map((span) => span.startMs + span.durationMs), 0.001);

  function axis() {
    const duration = total();
    return h('div', { class: 'axis' }, h('div', { class: 'span-name-head' }, 'Span'), h('div', { class: 'axis-times' }, ticks(duration, innerWidth < 700 ? 3 : 5).filter((value) => value < duration * 0.92).map((value) =>
      h('span', { key: value, class: 'axis-tick', style: { left: `${value / duration * 100}%` } }, round(millis(value))))));
  }

  function spanRow({ span, depth, below }, selected, found) {
    const duration = total();
    const left = span.startMs / duration * 100, width = Math.max(span.durationMs / duration * 100, 0.15);
    const isOpen = !closed.has(span.spanId);
    const chosen = selected?.spanId === span.spanId;
    const full = left + width > 86, outside = full && left > 60;
    const choose = () => ctx.set({ span: chosen ? null : span.spanId });
    return h('div', {
      key: span.spanId, role: 'listitem', 'data-testid': 'span-row', 'data-span': span.spanId, 'data-resource': span.resource,
      class: `span-row ${colorClass(span.resource)} ${chosen ? 'selected' : ''} ${span.isError ? 'error' : ''} ${found ? (found.has(span.spanId) ? 'found' : 'dim') : ''}`,
      onclick: (event) => { if (!event.target.closest('button')) choose(); },
    },
    h('div', { class: 'span-name', style: { 'padding-left': `${6 + Math.min(depth, 12) * 14}px` } },
      below ? h('button', { class: `icon-button tiny expander ${isOpen ? 'open' : ''}`, 'aria-expanded': String(isOpen), 'aria-label': `${plural(below, 'child span')} of ${span.name}`, onclick: () => { if (!closed.delete(span.spanId)) closed.add(span.spanId); draw(); } }, icon('chevron')) : h('span', { class: 'expander-gap' }),
      h('span', { class: 'span-mark' }),
      h('button', { class: 'link span-title', title: `${span.resource}: ${span.name}`, 'aria-pressed': String(chosen), onclick: choose }, h('span', { class: 'span-service' }, span.resource), ' ', span.name),
      span.isError && icon('warn', 'text-bad')),
    h('div', { class: 'span-time' },
      ticks(duration, innerWidth < 700 ? 3 : 5).slice(1).map((value) => h('span', { class: 'grid-line', key: value, style: { left: `${value / duration * 100}%` } })),
      h('span', { class: 'bar', key: 'bar', style: { left: `${left}%`, width: `${Math.min(width, 100 - left)}%` } }),
      (span.events ?? []).slice(0, 20).map((event, index) => h('span', { class: 'event-mark', key: `e${index}`, title: event.name, style: { left: `${Math.min(100, event.atMs / duration * 100)}%` } })),
      h('span', { class: `bar-text ${full && !outside ? 'inside' : ''}`, key: 'text', style: full ? { right: `${outside ? 100 - left : Math.max(0, 100 - left - width)}%` } : { left: `${Math.min(left + width, 100)}%` } }, millis(span.durationMs))));
  }

  function spanPanel(span) {
    return h('aside', { class: 'panel span-panel', key: 'span', 'aria-label': `Span ${span.name}`, 'data-testid': 'span-details' },
      h('div', { class: 'span-panel-head' }, h('span', { class: `service ${colorClass(span.resource)}` }, span.resource), h('h2', null, span.name),
        h('button', { class: 'icon-button', 'aria-label': 'Close the span', onclick: () => ctx.set({ span: null }) }, icon('close'))),
      h('div', { class: 'span-panel-body' },
        span.isError && h('p', { class: 'drawer-message bad' }, span.statusMessage || 'This span ended with an error.'),
        h('p', { class: 'log-links' }, h('a', { href: `/structuredlogs?traceId=${trace.traceId}&spanId=${span.spanId}` }, span.hasLogs ? 'Logs of this span' : 'Logs (none so far)')),
        attributeList([
          { key: 'start', value: `+${millis(span.startMs)}` }, { key: 'duration', value: millis(span.durationMs) }, { key: 'kind', value: span.kind }, { key: 'scope', value: span.scope },
          { key: 'instance', value: span.instance }, { key: 'span', value: span.spanId }, { key: 'parent', value: span.parentId },
          ...(span.statusMessage && !span.isError ? [{ key: 'status', value: span.statusMessage }] : []),
        ].filter((pair) => pair.value)),
        part('Attributes', span.attributes, (list) => attributeList(list)),
        part('Events', span.events, (list) => list.map((event, index) => h('div', { class: 'span-event', key: index }, h('div', null, h('b', null, event.name), h('span', { class: 'muted' }, ` +${millis(event.atMs)}`)), event.attributes?.length > 0 && attributeList(event.attributes)))),
        part('Links', span.links, (list) => list.map((link, index) => h('p', { key: index }, h('a', { class: 'mono', href: `/traces/detail/${link.traceId}?span=${link.spanId}` }, `${shortId(link.traceId)} / ${shortId(link.spanId)}`))))));
  }

  const title = () => ctx.title(trace ? `Trace ${trace.name}` : 'Trace');
  const unsubscribe = store.subscribe(() => draw());
  title();
  draw();
  return {
    update(next) {
      const other = next.param !== ctx.param;
      ctx = next;
      if (other) { trace = null; text = ''; unchanged = 0; failure = null; scrolled = false; closed.clear(); polling.restart(); }
      title();
      draw();
    },
    dispose() { polling.stop(); unsubscribe(); },
  };
}

function part(title, list, draw) {
  return list?.length > 0 && h('section', { key: title }, h('h3', null, title, h('span', { class: 'count' }, list.length)), draw(list));
}
