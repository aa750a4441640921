const dash = '–';
const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

export function number(value) {
  if (!known(value)) return dash;
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)} G`;
  if (size >= 1e6) return `${trim(value / 1e6)} M`;
  if (size >= 1e4) return `${trim(value / 1e3)} k`;
  return trim(value);
}

function trim(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = value.toFixed(digits);
  return digits > 0 ? text.replace(/\.?0+$/, '') : text;
}

export function rate(value) {
  return known(value) ? (value >= 1e4 ? number(value) : value >= 100 ? value.toFixed(0) : value.toFixed(1)) : dash;
}

export function percent(ratio) {
  if (!known(ratio)) return dash;
  const value = ratio * 100;
  return `${value === 0 || value >= 99.95 ? value.toFixed(0) : value < 1 ? value.toFixed(2) : value.toFixed(1)} %`;
}

export function millis(value) {
  if (!known(value)) return dash;
  if (value === 0) return '0 ms';
  if (value >= 3600000) return `${(value / 3600000).toFixed(1)} h`;
  if (value >= 60000) return `${(value / 60000).toFixed(1)} min`;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  if (value >= 100) return `${value.toFixed(0)} ms`;
  if (value >= 10) return `${value.toFixed(1)} ms`;
  if (value >= 1) return `${value.toFixed(2)} ms`;
  return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} µs`;
}

export function bytes(value) {
  if (!known(value)) return dash;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${trim(value)} ${units[unit]}`;
}

const pad = (value, length = 2) => String(value).padStart(length, '0');

export function clock(at, withMillis = false) {
  if (!known(at)) return dash;
  const date = new Date(at);
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return withMillis ? `${time}.${pad(date.getMilliseconds(), 3)}` : time;
}

export function exact(at) {
  if (!known(at)) return '';
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock(at, true)}`;
}

export function ago(at, now = Date.now()) {
  if (!known(at)) return dash;
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

// Units as OpenTelemetry writes them (UCUM): "{request}" is an annotation, "s", "ms" and "By" are real units.
export function unitFormat(unit) {
  const plain = (unit ?? '').replace(/^\{(.*)\}$/, '$1');
  if (plain === 's') return { label: 'duration', format: (v) => millis(known(v) ? v * 1000 : v) };
  if (plain === 'ms') return { label: 'duration', format: millis };
  if (plain === 'us') return { label: 'duration', format: (v) => millis(known(v) ? v / 1000 : v) };
  if (plain === 'By') return { label: 'bytes', format: bytes };
  if (plain === '1') return { label: 'ratio', format: number };
  return { label: plain, format: number };
}

// Marks on an axis are round numbers by choice, so zeros behind the point say nothing there.
export const round = (text) => text.replace(/\.0+(?=\D|$)/, '');

export const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
export const shortId = (id) => (id ? id.slice(0, 7) : '');
