import { h } from './dom.js';

const paths = {
  resources: 'M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z',
  console: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.2h3',
  logs: 'M2.5 4h11M2.5 8h11M2.5 12h6.5',
  traces: 'M2 3.8h7.5M5 8h6M8.5 12.2H14',
  metrics: 'M2 2.5v11h12M4.5 10.5l3-4 2.5 2 3.5-5',
  start: 'M5 3.2l7.5 4.8L5 12.8z',
  stop: 'M4 4h8v8H4z',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  light: 'M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  dark: 'M13.5 9.5A6 6 0 1 1 6.5 2.5a5 5 0 0 0 7 7z',
  auto: 'M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12M8 2v12M8 5l3.5-1.4M8 8h6M8 11l3.5 1.4',
  chevron: 'M6 3.5l4.5 4.5L6 12.5',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9M10.5 10.5L14 14',
  Project: 'M5.5 4L2 8l3.5 4M10.5 4L14 8l-3.5 4',
  Container: 'M8 1.8l5.5 3v6.4L8 14.2l-5.5-3V4.8zM2.5 4.8L8 8l5.5-3.2M8 8v6.2',
  Executable: 'M2 3h12v10H2zM4.5 6l2 2-2 2',
  Parameter: 'M5 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5M7.5 8H14M11.5 8v2.5',
  ConnectionString: 'M6.5 9.5l3-3M7 5l1.8-1.8a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.8 1.8a2.8 2.8 0 0 1-4-4L5 7',
  ExternalService: 'M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12M2 8h12M8 2c-3.5 4-3.5 8 0 12c3.5-4 3.5-8 0-12',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  download: 'M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  wrap: 'M2 4h12M2 8h9.5a2.5 2.5 0 0 1 0 5H8.5M10 11l-2 2 2 2',
  clock: 'M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12M8 4.5V8l2.5 1.5',
  clear: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9',
  warn: 'M8 2l6.5 11.5h-13zM8 6.5v3M8 11.4v.01',
  table: 'M2 3h12v10H2zM2 6.5h12M6.5 6.5V13',
  graph: 'M2 6h4v4H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2M10 4H8v8h2',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
  back: 'M10 3.5L5.5 8l4.5 4.5',
  link: 'M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5',
};

export function icon(name, className = '') {
  return h('svg', { class: `icon ${name === 'more' ? 'icon-dots ' : ''}${className}`, viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' },
    h('path', { d: paths[name] ?? paths.Project }));
}
