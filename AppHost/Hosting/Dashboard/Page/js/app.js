import { h, render } from './dom.js';
import { connection } from './api.js';
import { icon } from './icons.js';
import { ready, store, startStore } from './store.js';
import { mountDrawer } from './resource-details.js';
import * as resources from './resources.js';
import * as consoleLogs from './console.js';
import * as logs from './logs.js';
import * as traces from './traces.js';
import * as traceDetail from './waterfall.js';
import * as metrics from './metrics.js';

const routes = [
  [/^\/$/, resources, 'resources'],
  [/^\/consolelogs(?:\/resource\/([^/]+))?$/, consoleLogs, 'console'],
  [/^\/structuredlogs(?:\/resource\/([^/]+))?$/, logs, 'logs'],
  [/^\/traces\/detail\/([^/]+)$/, traceDetail, 'traces'],
  [/^\/traces(?:\/resource\/([^/]+))?$/, traces, 'traces'],
  [/^\/metrics(?:\/resource\/([^/]+))?$/, metrics, 'metrics'],
];
const pages = [
  ['resources', '/', 'Resources'], ['console', '/consolelogs', 'Console'], ['logs', '/structuredlogs', 'Logs'],
  ['traces', '/traces', 'Traces'], ['metrics', '/metrics', 'Metrics'],
];

const main = document.getElementById('main');
let current = null, currentPage = '', title = '';

export function go(url, replace = false) {
  if (url === location.pathname + location.search) { if (!replace) show(); return; }
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  show();
}

// What each page gets to read and change its own address.
function context(module, params) {
  return {
    param: params[0] ? decodeURIComponent(params[0]) : '',
    query: new URLSearchParams(location.search),
    go,
    set(changes, replace = true) {
      const query = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(changes)) {
        query.delete(key);
        if (Array.isArray(value)) for (const item of value) query.append(key, item);
        else if (value !== null && value !== undefined && value !== '' && value !== false) query.set(key, value);
      }
      const text = query.toString();
      go(location.pathname + (text ? `?${text}` : ''), replace);
    },
    toResource(base, name) {
      go(`${base}${name ? `/resource/${encodeURIComponent(name)}` : ''}${location.search}`);
    },
    title(text) { title = text; drawTitle(); },
  };
}

function show() {
  let path = location.pathname.replace(/\/+$/, '') || '/';
  let match = null, route = null;
  for (const candidate of routes) if ((match = path.match(candidate[0]))) { route = candidate; break; }
  if (!route) { history.replaceState(null, '', '/'); return show(); }
  const [, module, page] = route;
  const ctx = context(module, match.slice(1));
  if (current?.module === module) {
    current.view.update(ctx);
  } else {
    current?.view.dispose();
    main.replaceChildren();
    main.className = `main page-${page}`;
    main.scrollTop = 0;
    const host = document.createElement('div');
    host.className = 'page';
    main.append(host);
    current = { module, view: module.mount(host, ctx) };
  }
  currentPage = page;
  drawNav();
  drawDrawer();
}

const drawDrawer = mountDrawer(document.getElementById('drawer'), {
  selected: () => new URLSearchParams(location.search).get('details'),
  select(name) {
    const query = new URLSearchParams(location.search);
    if (name) query.set('details', name); else query.delete('details');
    const text = query.toString();
    go(location.pathname + (text ? `?${text}` : ''));
  },
});

function drawTitle() {
  const text = `${title} · ${store.session?.application ?? 'Dashboard'}`;
  if (document.title !== text) document.title = text;
}

function drawNav() {
  const errors = (store.resources ?? []).reduce((sum, resource) => sum + (resource.errorLogs ?? 0), 0);
  render(document.getElementById('nav'), pages.map(([id, href, label]) =>
    h('a', { key: id, href, class: 'nav-link', 'data-testid': `nav-${id}`, 'aria-current': currentPage === id ? 'page' : null },
      h('span', { class: 'nav-icon' }, icon(id), id === 'logs' && errors > 0 && h('span', { class: 'nav-badge', title: `${errors} errors logged` })),
      h('span', { class: 'nav-label' }, label))));
}

const themes = ['auto', 'light', 'dark'];
const systemDark = matchMedia('(prefers-color-scheme: dark)');

function theme() {
  try { return themes.includes(localStorage.getItem('theme')) ? localStorage.getItem('theme') : 'auto'; } catch { return 'auto'; }
}

function setTheme(next) {
  try { localStorage.setItem('theme', next); } catch { /* storage may be blocked: then it lasts until the page is left */ }
  applyTheme(next);
  drawHeader();
}

function applyTheme(value) {
  document.documentElement.dataset.theme = value === 'dark' || (value === 'auto' && systemDark.matches) ? 'dark' : 'light';
}

function drawHeader() {
  const now = theme();
  const next = themes[(themes.indexOf(now) + 1) % themes.length];
  render(document.getElementById('header'),
    h('a', { href: '/', class: 'brand' }, h('img', { src: '/favicon.svg', alt: '', width: '22', height: '22' }),
      h('span', { class: 'brand-name' }, store.session?.application ?? 'Dashboard'), store.session?.version && h('span', { class: 'brand-version' }, store.session.version.split('+')[0])),
    h('span', { class: 'grow' }),
    h('span', { class: `connection ${connection.live ? 'ok' : 'bad'}`, role: 'status', 'data-testid': 'connection' },
      h('span', { class: `dot ${connection.live ? 'ok' : 'warn'}` }), connection.live ? 'live' : 'reconnecting…'),
    h('button', { class: 'icon-button', title: `Theme: ${now}`, 'aria-label': `Theme: ${now}. Change to ${next}`, 'data-testid': 'theme', onclick: () => setTheme(next) }, icon(now)));
}

addEventListener('popstate', show);
systemDark.addEventListener('change', () => applyTheme(theme()));
connection.subscribe(drawHeader);
store.subscribe(() => { drawHeader(); drawNav(); drawTitle(); });

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || link.hasAttribute('download') || (link.target && link.target !== '_self')) return;
  event.preventDefault();
  const query = new URLSearchParams(location.search);
  go(link.getAttribute('href'));
  if (!query.has('details') && !location.search.includes('details=')) main.focus({ preventScroll: true });
});

drawHeader();
drawNav();
startStore();
ready.then(show);
