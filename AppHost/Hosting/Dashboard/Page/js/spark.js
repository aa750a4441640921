import { h } from './dom.js';

export function sparkline(values, label, tone = '') {
  const width = 100, height = 24;
  const known = (values ?? []).filter((value) => value !== null && value !== undefined);
  const count = Math.max((values ?? []).length, 2);
  const max = Math.max(...known, 0), min = Math.min(...known, max);
  // A constant line sits at its foot instead of jumping about with noise in the last digit.
  const low = min > max * 0.5 ? min - (max - min || max || 1) * 0.3 : 0;
  const y = (value) => height - 2 - ((value - low) / ((max - low) || 1)) * (height - 4);
  let line = '', area = '', from = null, last = null;
  const closeArea = () => { if (from !== null) area += `L${last} ${height}L${from} ${height}Z`; from = null; };
  (values ?? []).forEach((value, index) => {
    if (value === null || value === undefined) { closeArea(); return; }
    const x = (index / (count - 1) * width).toFixed(2), text = `${x} ${y(value).toFixed(2)}`;
    if (from === null) { line += `M${text}h.01`; area += `M${text}`; from = x; } else { line += `L${text}`; area += `L${text}`; }
    last = x;
  });
  closeArea();
  return h('svg', { class: `spark ${tone}`, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    h('path', { class: 'spark-area', d: area || 'M0 0' }), h('path', { class: 'spark-line', d: line || 'M0 0' }));
}
