import { h } from './dom.js';
import { chart, nearest, valueAt } from './chart.js';
import { clock, number, shortId, unitFormat } from './format.js';
import { icon } from './icons.js';
import { select, toggle } from './ui.js';

export class MetricView {
  constructor(redraw) {
    this.redraw = redraw;
    this.hover = null;
    this.count = false;
    this.width = 0;
    this.muted = new Set();
    this.observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width && width !== this.width) { this.width = width; redraw(); }
    });
  }

  reset() {
    this.hover = null;
    this.muted.clear();
  }

  draw({ instrument, series, minutes, ctx }) {
    const asTable = ctx.query.get('table') === '1';
    const histogram = instrument.kind === 'histogram';
    const filters = new Map(ctx.query.getAll('filter').map((text) => { const at = text.indexOf('='); return [text.slice(0, at), text.slice(at + 1)]; }));
    const setFilter = (key, value) => {
      const next = new Map(filters);
      if (value) next.set(key, value); else next.delete(key);
      ctx.set({ filter: [...next].map(([name, chosen]) => `${name}=${chosen}`) });
    };
    const lines = series ? this.lines(series, histogram) : [];
    const format = this.format(instrument, histogram);
    return h('section', { class: 'panel metric', key: `${instrument.resource}/${instrument.meter}/${instrument.name}`, 'aria-label': instrument.name },
      h('div', { class: 'metric-head' }, h('h2', { class: 'mono wrap' }, instrument.name),
        h('p', { class: 'muted' }, [instrument.description, `${instrument.kind}${instrument.unit ? `, ${instrument.unit}` : ''}`].filter(Boolean).join(' · '))),
      h('div', { class: 'toolbar metric-tools' },
        (instrument.dimensions ?? []).filter((dimension) => dimension.values.length > 1 || filters.has(dimension.key)).map((dimension) => h('label', { class: 'dimension', key: dimension.key }, h('span', null, dimension.key),
          select(dimension.key, filters.get(dimension.key) ?? '', [['', 'all'], ...dimension.values.map((value) => [String(value), value === '' ? '(empty)' : String(value)])], (value) => setFilter(dimension.key, value), `d-${dimension.key}`))),
        h('span', { class: 'grow' }),
        histogram && toggle('Count', this.count, (on) => { this.count = on; this.muted.clear(); this.redraw(); }),
        h('div', { class: 'segmented', role: 'group', 'aria-label': 'View', key: 'view' }, [['', 'Chart', 'metrics'], ['1', 'Table', 'table']].map(([id, label, name]) =>
          h('button', { key: label, 'aria-pressed': String((id === '1') === asTable), onclick: () => ctx.set({ table: id }) }, icon(name), label)))),
      !series ? h('div', { class: 'chart-box', key: 'box' }, h('p', { class: 'muted chart-note' }, 'Loading…'))
        : asTable ? this.table(lines, series, format) : this.chartBox(lines, series, minutes, format, histogram, instrument),
      series?.omitted > 0 && h('p', { class: 'muted chart-note' }, `${series.omitted} more series are not shown: narrow them down with the dimensions above.`));
  }

  format(instrument, histogram) {
    if (histogram && this.count) return (value) => (value === null ? '–' : `${number(value)}/s`);
    const { format } = unitFormat(instrument.unit);
    return instrument.kind === 'sum' ? (value) => (value === null ? '–' : `${format(value)}/s`) : format;
  }

  lines(series, histogram) {
    if (histogram && !this.count && series.percentiles) {
      return ['p50', 'p90', 'p99'].filter((name) => series.percentiles[name]).map((name) => ({ id: name, label: name, className: name, points: series.percentiles[name] }));
    }
    return series.series.map((one, index) => {
      const label = one.dimensions.map((dimension) => `${dimension.key}=${dimension.value}`).join(', ') || 'all';
      return { id: label, label, className: `c${index % 12}`, points: one.points };
    });
  }

  chartBox(lines, series, minutes, format, histogram, instrument) {
    const drawn = lines.filter((line) => !this.muted.has(line.id));
    const to = series.now, from = to - minutes * 60000;
    const at = this.hover === null ? null : nearest(drawn, this.hover);
    const any = drawn.some((line) => line.points.some(([, value]) => value !== null));
    const height = innerWidth < 700 ? 240 : 340;
    return h('div', { class: 'chart-box', key: 'box' },
      h('div', { class: 'chart', 'data-testid': 'chart', ref: (node) => { this.observer.disconnect(); this.observer.observe(node); }, style: { height: `${height}px` } },
        this.width > 0 && chart({ lines: drawn, exemplars: histogram && !this.count ? series.exemplars : [], from, to, width: this.width, height, format, hover: this.hover, label: `${instrument.name}, last ${minutes} min`,
          onHover: (time) => { if (time !== this.hover) { this.hover = time; this.redraw(); } } }),
        !any && h('p', { class: 'chart-empty muted' }, 'No measurements in this time')),
      h('div', { class: 'legend' }, h('span', { class: 'legend-time mono' }, at === null ? 'latest' : clock(at)),
        lines.map((line) => h('button', { key: line.id, class: `legend-item ${line.className} ${this.muted.has(line.id) ? 'off' : ''}`, 'aria-pressed': String(!this.muted.has(line.id)), title: `Show or hide ${line.label}`,
          onclick: () => { if (!this.muted.delete(line.id)) this.muted.add(line.id); this.redraw(); } },
        h('span', { class: 'swatch' }), h('span', { class: 'legend-label' }, line.label), h('b', null, format(at === null ? last(line.points) : valueAt(line.points, at))))),
        histogram && !this.count && series.exemplars?.length > 0 && h('span', { class: 'legend-note', key: 'traces' }, h('span', { class: 'trace-dot' }), 'one request: opens its trace')));
  }

  table(lines, series, format) {
    const times = [...new Set(lines.flatMap((line) => line.points.map(([at]) => at)))].sort((a, b) => b - a).slice(0, 240);
    const byTime = lines.map((line) => new Map(line.points));
    const traces = (series.exemplars ?? []).filter((dot) => dot.traceId).slice(0, 20);
    return h('div', { class: 'chart-box', key: 'table' }, h('div', { class: 'metric-table', tabindex: '0' }, h('table', { class: 'table' },
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Time'), lines.map((line) => h('th', { key: line.id, scope: 'col', class: 'num' }, line.label)))),
      h('tbody', null, times.map((at) => h('tr', { key: at }, h('td', { class: 'mono' }, clock(at)), byTime.map((values, index) => h('td', { key: index, class: 'num' }, format(values.get(at) ?? null)))))))),
    traces.length > 0 && h('p', { class: 'chart-note' }, 'Traces: ', traces.map((dot, index) => h('a', { key: index, class: 'mono exemplar-link', href: `/traces/detail/${dot.traceId}` }, `${shortId(dot.traceId)} (${format(dot.value)})`))));
  }
}

function last(points) {
  for (let index = points.length - 1; index >= 0; index--) if (points[index][1] !== null) return points[index][1];
  return null;
}
