import { h } from './dom.js';
import { sparkline } from './spark.js';
import { bytes, millis, number, percent, rate } from './format.js';

// `tone` marks what a reader should look at; the limits are those at which a viewer of the platform would notice.
function tiles(region) {
  const past = region.history ?? {};
  return [
    tile('requests', 'Requests', rate(region.requestsPerSecond), '/s', past.requestsPerSecond),
    tile('latency', 'Latency p50 / p99', pair(region.p50Ms, region.p99Ms), '', past.p99Ms, region.p99Ms > 1000 ? 'warn' : ''),
    tile('errors', 'Errors', percent(region.errorRatio), '', past.errorRatio, region.errorRatio > 0.05 ? 'bad' : region.errorRatio > 0.01 ? 'warn' : ''),
    tile('cache', 'Cache hits', percent(region.cacheHitRatio), '', past.cacheHitRatio),
    tile('events', 'Events', rate(region.eventsPerSecond), '/s', past.eventsPerSecond),
    tile('freshness', 'Event → profile p50 / p99', pair(region.freshnessP50Ms, region.freshnessP99Ms), '', past.freshnessP99Ms, region.freshnessP99Ms > 5000 ? 'warn' : ''),
  ];
}

const known = (value) => value !== null && value !== undefined;
const pair = (low, high) => (known(low) || known(high) ? `${millis(low)} / ${millis(high)}` : '–');

function tile(id, label, value, unit, history, tone = '') {
  return h('div', { class: `tile ${tone}`, key: id, 'data-testid': `tile-${id}` },
    h('div', { class: 'tile-label', title: label }, label),
    h('div', { class: 'tile-value' }, h('span', { class: 'value' }, value), unit && value !== '–' && h('span', { class: 'unit' }, unit)),
    sparkline(history, `${label}, recent history`, tone));
}

export function overview(data) {
  const regions = data?.regions?.length ? data.regions : [{ region: 'local', history: {} }];
  return h('section', { class: 'overview', 'data-testid': 'overview', 'aria-label': 'Live figures of the platform', key: 'overview' },
    regions.map((region) => h('div', { class: 'region', key: region.region, 'data-region': region.region },
      (regions.length > 1 || region.region !== 'local') && h('h2', { class: 'region-name' }, region.region),
      h('div', { class: 'tiles' }, tiles(region)))));
}

export function telemetryFoot(data) {
  const telemetry = data?.telemetry;
  if (!telemetry) return null;
  const lost = telemetry.droppedSpans + telemetry.droppedLogs + telemetry.droppedPoints;
  return h('p', { class: 'foot', key: 'foot' },
    `Telemetry kept: ${number(telemetry.spans)} spans, ${number(telemetry.logs)} log records, ${number(telemetry.points)} points · ${bytes(telemetry.bytes)} of ${bytes(telemetry.maxBytes)}`,
    lost > 0 && ` · oldest dropped: ${number(telemetry.droppedSpans)} spans, ${number(telemetry.droppedLogs)} records, ${number(telemetry.droppedPoints)} points`);
}
