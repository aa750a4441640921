import { h, render } from './dom.js';
import { ApiError, get, poll } from './api.js';
import { colorClass } from './colors.js';
import { ago, clock, exact, millis, plural, shortId } from './format.js';
import { icon } from './icons.js';
import { resourceOptions, store, withCurrent } from './store.js';
import { debounce, empty, searchBox, select, toggle } from './ui.js';

export function mount(host, first) {
  let ctx = first, answer = null, text = '', limit = 100, paused = false, failure = null;
  const question = () => ({ resource: ctx.param, q: ctx.query.get('q'), minMs: ctx.query.get('minMs'), errors: ctx.query.get('errors') === 'true' ? 'true' : null, limit });

  const polling = poll(async (signal) => {
    if (paused) return;
    const next = await get('/api/traces', question(), signal);
    failure = null;
    const nextText = JSON.stringify(next);
    if (nextText === text) return;
    text = nextText;
    answer = next;
    draw();
  }, 1500, (error) => { if (error instanceof ApiError) { failure = error; draw(); } });
  const restart = debounce(() => polling.restart(), 200);

  function draw() {
    const query = ctx.query;
    const filtered = ctx.param || query.get('q') || query.get('minMs') || query.get('errors');
    render(host,
      h('h1', { class: 'visually-hidden', key: 'h1' }, 'Traces'),
      h('div', { class: 'toolbar', key: 'toolbar' },
        select('Resource', ctx.param, withCurrent(resourceOptions('All resources', true), ctx.param), (name) => ctx.toResource('/traces', name)),
        searchBox(query.get('q') ?? '', 'Name, attribute or trace id', (value) => ctx.set({ q: value }), 'trace-search'),
        select('Minimum duration', query.get('minMs') ?? '', withCurrent([['', 'Any duration'], ...[10, 50, 100, 250, 500, 1000, 5000].map((ms) => [String(ms), `≥ ${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`}`])], query.get('minMs')), (minMs) => ctx.set({ minMs })),
        toggle('Errors only', query.get('errors') === 'true', (on) => ctx.set({ errors: on ? 'true' : null }), 'warn'),
        h('span', { class: 'grow' }),
        h('span', { class: 'muted summary', key: 'total' }, answer && `${plural(answer.total, 'trace')}${answer.dropped ? `, ${answer.dropped.toLocaleString('en')} dropped` : ''}`),
        toggle('Pause', paused, (on) => { paused = on; draw(); if (!on) polling.restart(); }, 'pause')),
      failure ? empty(failure.title, failure.message)
        : !answer ? h('div', { class: 'panel loading', key: 'loading' }, 'Loading…')
          : answer.traces.length ? list(answer.traces)
            : filtered ? empty('No trace matches', 'Clear the search, lower the minimum duration or choose another resource.')
              : empty('No traces yet', 'Send a request to the gateway, and its way through the services appears here.'));
  }

  function list(traces) {
    const longest = Math.max(...traces.map((trace) => trace.durationMs), 0.001);
    return h('div', { class: 'panel', key: 'list' }, h('table', { class: 'table traces' },
      h('thead', null, h('tr', null, [['name', 'Name'], ['services', 'Spans'], ['time', 'Time'], ['duration', 'Duration']].map(([id, label]) => h('th', { scope: 'col', key: id, class: `col-${id}` }, label)))),
      h('tbody', null, traces.map((trace) => row(trace, longest)))),
    answer.traces.length >= limit && answer.total > answer.traces.length && h('div', { class: 'list-more' },
      h('button', { class: 'button', onclick: () => { limit *= 2; polling.restart(); } }, 'Show more')));
  }

  function row(trace, longest) {
    const href = `/traces/detail/${trace.traceId}`;
    const share = Math.max(trace.durationMs / longest * 100, 0.6);
    return h('tr', { key: trace.traceId, class: 'clickable', 'data-testid': 'trace-row', 'data-trace': trace.traceId, 'data-services': trace.services.length,
      onclick: (event) => { if (!event.target.closest('a, button') && !String(getSelection())) ctx.go(href); } },
    h('td', { class: 'col-name' }, h('div', { class: 'name-cell' },
      h('span', { class: `service ${colorClass(trace.resource)}` }, trace.resource),
      h('a', { class: 'trace-name', href }, trace.name || '(no name)'),
      trace.errors > 0 && h('span', { class: 'badge bad', title: plural(trace.errors, 'failed span') }, icon('warn'), trace.errors),
      h('span', { class: 'mono muted trace-id' }, shortId(trace.traceId)))),
    h('td', { class: 'col-services' }, h('div', { class: 'chips' }, trace.services.map((service) =>
      h('span', { key: service.name, class: `chip service-chip ${colorClass(service.name)}`, title: service.errors ? plural(service.errors, 'failed span') : plural(service.spans, 'span') },
        service.name, h('b', null, service.spans), service.errors > 0 && icon('warn', 'text-bad'))))),
    h('td', { class: 'col-time', title: `${exact(trace.startedAt)}, ${ago(trace.startedAt)}` }, clock(trace.startedAt, true)),
    h('td', { class: 'col-duration' }, h('div', { class: 'duration' }, h('span', { class: 'duration-text' }, millis(trace.durationMs)),
      h('svg', { class: 'duration-bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, h('rect', { class: 'bar-back', width: '100', height: '4' }), h('rect', { class: `bar ${trace.errors ? 'bad' : ''}`, width: share.toFixed(2), height: '4' })))));
  }

  const title = () => ctx.title(ctx.param ? `Traces: ${ctx.param}` : 'Traces');
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
