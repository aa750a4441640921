import { h, render } from './dom.js';
import { ApiError, get, poll } from './api.js';
import { MetricView } from './metric-view.js';
import { colorClass } from './colors.js';
import { resourceOptions, store, withCurrent } from './store.js';
import { debounce, empty, searchBox, select } from './ui.js';

export function mount(host, first) {
  let ctx = first, instruments = null, text = '', series = null, seriesText = '', failure = null, seriesFailure = null, needle = '', phoneList = false;
  const view = new MetricView(() => draw());

  const listPolling = poll(async (signal) => {
    const answer = await get('/api/metrics', { resource: ctx.param }, signal);
    failure = null;
    const next = JSON.stringify(answer);
    if (next === text) return;
    text = next;
    instruments = answer.instruments;
    draw();
    if (!series) seriesPolling?.restart();
  }, 5000, (error) => { if (error instanceof ApiError) { failure = error; draw(); } });

  const chosen = () => {
    const meter = ctx.query.get('meter'), name = ctx.query.get('instrument'), resource = ctx.param || ctx.query.get('of');
    return name && instruments?.find((one) => one.name === name && (!meter || one.meter === meter) && (!resource || one.resource === resource));
  };
  const minutes = () => Number(ctx.query.get('duration')) || 5;
  let seriesPolling = null;
  seriesPolling = poll(async (signal) => {
    const instrument = chosen();
    if (!instrument) return;
    const answer = await get('/api/metrics/series', { resource: instrument.resource, meter: instrument.meter, name: instrument.name, minutes: minutes(), filter: ctx.query.getAll('filter') }, signal);
    seriesFailure = null;
    const next = JSON.stringify(answer);
    if (next === seriesText) return;
    seriesText = next;
    series = answer;
    draw();
  }, 2000, (error) => { if (error instanceof ApiError) { seriesFailure = error; draw(); } });
  const restart = debounce(() => seriesPolling.restart(), 50);

  function draw() {
    const instrument = chosen();
    render(host,
      h('h1', { class: 'visually-hidden', key: 'h1' }, 'Metrics'),
      h('div', { class: 'toolbar', key: 'toolbar' },
        select('Resource', ctx.param, withCurrent(resourceOptions('All resources', true), ctx.param), (name) => ctx.toResource('/metrics', name)),
        select('Duration', String(minutes()), [1, 5, 15, 30, 60].map((value) => [String(value), `Last ${value} min`]), (duration) => ctx.set({ duration })),
        instrument && h('button', { class: 'button phone-only', key: 'list-button', 'aria-expanded': String(phoneList), onclick: () => { phoneList = !phoneList; draw(); } }, phoneList ? 'Hide instruments' : 'Choose instrument')),
      failure ? empty(failure.title, failure.message)
        : !instruments ? h('div', { class: 'panel loading', key: 'loading' }, 'Loading…')
          : !instruments.length ? empty('No metrics yet', ctx.param ? `${ctx.param} has sent no measurements so far.` : 'A resource that sends OTLP shows its instruments here, a few seconds after its start.')
            : h('div', { class: `metrics ${instrument && !phoneList ? 'has-choice' : ''}`, key: 'metrics' }, list(instrument),
              h('div', { class: 'metric-main', key: 'main' }, instrument
                ? seriesFailure ? empty(seriesFailure.title, seriesFailure.message) : view.draw({ instrument, series, minutes: minutes(), ctx })
                : empty('Choose an instrument', 'Each one shows its values over time, by dimension.'))));
  }

  function list(current) {
    const groups = new Map();
    for (const one of instruments) {
      if (needle && !`${one.name} ${one.meter} ${one.description ?? ''}`.toLowerCase().includes(needle)) continue;
      const key = `${one.resource}\n${one.meter}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(one);
    }
    return h('nav', { class: 'panel instruments', 'aria-label': 'Instruments', key: 'instruments' },
      h('div', { class: 'instrument-search' }, searchBox(needle, 'Filter instruments', (value) => { needle = value.toLowerCase(); draw(); }, 'instrument-search')),
      h('div', { class: 'instrument-scroll' }, [...groups].map(([key, group]) => h('section', { key },
        h('h2', null, !ctx.param && h('span', { class: `service ${colorClass(group[0].resource)}` }, group[0].resource), h('span', { class: 'meter ellipsis', title: group[0].meter }, group[0].meter)),
        h('ul', null, group.map((one) => h('li', { key: one.name }, h('a', {
          href: link(one), 'aria-current': one === current ? 'true' : null, title: one.description ?? '', 'data-testid': `instrument-${one.name}`,
          onclick: (event) => { if (event.ctrlKey || event.metaKey) return; event.preventDefault(); phoneList = false; ctx.go(link(one)); },
        }, h('span', { class: 'ellipsis' }, one.name), h('span', { class: 'kind' }, one.kind)))))))));
  }

  function link(one) {
    const query = new URLSearchParams();
    query.set('meter', one.meter);
    query.set('instrument', one.name);
    if (ctx.query.get('duration')) query.set('duration', ctx.query.get('duration'));
    if (ctx.param) return `/metrics/resource/${encodeURIComponent(ctx.param)}?${query}`;
    query.set('of', one.resource);
    return `/metrics?${query}`;
  }

  const title = () => ctx.title([ctx.query.get('instrument'), ctx.param].filter(Boolean).join(' of ') || 'Metrics');
  const unsubscribe = store.subscribe(() => draw());
  const resize = debounce(() => draw(), 60);
  addEventListener('resize', resize);
  title();
  draw();
  return {
    update(next) {
      const identity = (query) => `${query.get('meter')}|${query.get('instrument')}|${query.get('of')}`;
      const other = next.param !== ctx.param || identity(next.query) !== identity(ctx.query);
      const changed = other || next.query.getAll('filter').join() !== ctx.query.getAll('filter').join() || next.query.get('duration') !== ctx.query.get('duration');
      const otherResource = next.param !== ctx.param;
      ctx = next;
      if (other) { series = null; seriesText = ''; seriesFailure = null; view.reset(); }
      if (otherResource) { instruments = null; text = ''; listPolling.restart(); }
      title();
      draw();
      if (changed) restart();
    },
    dispose() { listPolling.stop(); seriesPolling.stop(); unsubscribe(); removeEventListener('resize', resize); },
  };
}
