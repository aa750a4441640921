import { h } from './dom.js';
import { clock, round } from './format.js';

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

// Lines over time. `hover` is the time under the pointer or null; the caller owns it, so that a redraw by a poll keeps the crosshair.
export function chart({ lines, exemplars, from, to, width, height, format, hover, onHover, label }) {
  const left = width < 520 ? 56 : 68, right = 12, top = 12, bottom = 26;
  const innerWidth = Math.max(40, width - left - right), innerHeight = height - top - bottom;
  let max = 0, min = 0;
  for (const line of lines) for (const [at, value] of line.points) if (at >= from && known(value)) { max = Math.max(max, value); min = Math.min(min, value); }
  const scale = nice(min, max, 5);
  const x = (at) => left + (at - from) / (to - from) * innerWidth;
  const y = (value) => top + innerHeight - (value - scale.min) / (scale.max - scale.min) * innerHeight;
  const times = timeTicks(from, to, Math.max(3, Math.floor(innerWidth / 110)));
  const at = hover === null ? null : nearest(lines, hover);
  const move = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const time = from + (event.clientX - box.left - left) / innerWidth * (to - from);
    onHover(time >= from && time <= to ? time : null);
  };
  return h('svg', { class: 'chart-svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': label, onpointermove: move, onpointerdown: move, onpointerleave: () => onHover(null) },
    h('g', { class: 'grid' }, scale.ticks.map((value) => h('g', { key: value }, h('line', { x1: left, x2: width - right, y1: y(value), y2: y(value) }), h('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, round(format(value)))))),
    h('g', { class: 'grid times' }, times.ticks.map((time) => h('g', { key: time }, h('line', { x1: x(time), x2: x(time), y1: top, y2: top + innerHeight }), h('text', { x: x(time), y: height - 8, 'text-anchor': 'middle' }, clock(time).slice(0, times.step < 60000 ? 8 : 5))))),
    h('g', { class: 'lines' }, lines.map((line) => h('path', { key: line.id, class: `line ${line.className}`, 'data-series': line.id, d: path(line.points, from, x, y) }))),
    h('g', { class: 'exemplars' }, (exemplars ?? []).filter((dot) => dot.t >= from && dot.t <= to && dot.traceId).map((dot, index) =>
      h('a', { key: `${dot.traceId}${index}`, href: `/traces/detail/${dot.traceId}`, class: 'exemplar', 'aria-label': `Trace at ${clock(dot.t)}, ${format(dot.value)}` },
        h('circle', { class: 'hit', cx: x(dot.t), cy: y(Math.min(dot.value, scale.max)), r: '9' }), h('circle', { class: 'dot-mark', cx: x(dot.t), cy: y(Math.min(dot.value, scale.max)), r: '3.5' }), h('title', null, `${format(dot.value)} at ${clock(dot.t)}: open the trace`)))),
    at !== null && at >= from && h('g', { class: 'crosshair' }, h('line', { x1: x(at), x2: x(at), y1: top, y2: top + innerHeight }),
      lines.map((line) => { const value = valueAt(line.points, at); return known(value) && h('circle', { key: line.id, class: line.className, cx: x(at), cy: y(value), r: '3.5' }); })));
}

export function nearest(lines, time) {
  let best = null;
  for (const line of lines) for (const [at] of line.points) if (best === null || Math.abs(at - time) < Math.abs(best - time)) best = at;
  return best;
}

export function valueAt(points, at) {
  return points.find((point) => point[0] === at)?.[1] ?? null;
}

function path(points, from, x, y) {
  let text = '', pen = false;
  for (const [at, value] of points) {
    if (at < from || !known(value)) { pen = false; continue; }
    // A lone point between gaps would be invisible as a line: the short stroke makes it a dot.
    text += pen ? `L${x(at).toFixed(1)} ${y(value).toFixed(1)}` : `M${x(at).toFixed(1)} ${y(value).toFixed(1)}h.01`;
    pen = true;
  }
  return text || 'M0 0';
}

function nice(min, max, count) {
  if (max === min) max = min + 1;
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((value) => value >= rough * 0.999);
  const low = Math.floor(min / step) * step, high = Math.ceil(max / step - 1e-9) * step;
  const list = [];
  for (let index = 0; low + index * step <= high + step / 2; index++) list.push(low + index * step);
  return { min: low, max: list[list.length - 1], ticks: list };
}

function timeTicks(from, to, count) {
  const rough = (to - from) / count;
  const step = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000).find((value) => value >= rough) ?? 3600000;
  const list = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) list.push(at);
  return { ticks: list, step };
}
