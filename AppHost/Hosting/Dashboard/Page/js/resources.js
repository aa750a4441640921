import { h, render } from './dom.js';
import { get, poll } from './api.js';
import { commandButtons } from './commands.js';
import { ago, exact, plural } from './format.js';
import { graph } from './graph.js';
import { icon } from './icons.js';
import { overview, telemetryFoot } from './overview.js';
import { isSetting, stateOf, store } from './store.js';
import { copyButton, empty, searchBox } from './ui.js';

export function mount(host, first) {
  let ctx = first, figures = null;
  const open = new Set();
  const polling = poll(async (signal) => { figures = await get('/api/overview', null, signal); draw(); }, 2000);
  const unsubscribe = store.subscribe(() => draw());
  // "4 min ago" has to move on also when nothing else changes.
  const timer = setInterval(() => { if (!document.hidden) draw(); }, 10000);

  function draw() {
    const asGraph = ctx.query.get('view') === 'graph';
    const text = (ctx.query.get('q') ?? '').toLowerCase();
    const all = store.resources;
    const programs = all?.filter((resource) => !isSetting(resource) && resource.state !== 'Hidden');
    const settings = all?.filter(isSetting) ?? [];
    const matches = (resource) => !text || `${resource.name} ${resource.type} ${resource.source ?? ''} ${stateOf(resource).text}`.toLowerCase().includes(text);
    const shown = programs?.filter(matches);
    const selected = ctx.query.get('details');
    render(host,
      h('h1', { class: 'visually-hidden', key: 'h1' }, 'Resources'),
      overview(figures),
      h('div', { class: 'toolbar', key: 'toolbar' },
        h('div', { class: 'segmented', role: 'group', 'aria-label': 'View' }, [['', 'Table', 'table'], ['graph', 'Graph', 'graph']].map(([id, label, name]) =>
          h('button', { key: label, 'aria-pressed': String((id === 'graph') === asGraph), 'data-testid': `view-${name}`, onclick: () => ctx.set({ view: id }, false) }, icon(name), label))),
        searchBox(ctx.query.get('q') ?? '', 'Filter resources', (value) => ctx.set({ q: value }), 'filter'),
        h('span', { class: 'grow' }),
        programs && h('span', { class: 'muted summary' }, summary(programs))),
      !all && (store.error ? empty('No answer yet', store.error.message) : h('div', { class: 'panel loading', key: 'loading' }, 'Loading resources…')),
      all && asGraph && graph(programs, { selected, dim: (resource) => !matches(resource), select: (name) => ctx.set({ details: name }, false) }),
      all && !asGraph && (shown.length
        ? table(shown, selected)
        : empty(programs.length ? 'No resource matches' : 'No resources', programs.length ? 'Change the filter to see more.' : 'Add a project to the AppHost and start it again.')),
      all && settings.some(matches) && parameters(settings.filter(matches)),
      telemetryFoot(figures));
  }

  function table(list, selected) {
    return h('div', { class: 'panel', key: 'table' }, h('table', { class: 'table resources' },
      h('thead', null, h('tr', null, ['Name', 'State', 'Started', 'Source', 'Endpoints', 'Restarts', 'Actions'].map((label) =>
        h('th', { scope: 'col', key: label, class: `col-${label.toLowerCase()}` }, label)))),
      h('tbody', null, list.flatMap((resource) => [row(resource, selected), ...(open.has(resource.name) ? resource.replicas.map((replica, index) => replicaRow(resource, replica, index)) : [])]))));
  }

  function row(resource, selected) {
    const state = stateOf(resource);
    const many = (resource.replicas?.length ?? 0) > 1;
    return h('tr', {
      key: resource.name, class: `clickable ${selected === resource.name ? 'selected' : ''}`, 'data-testid': `resource-${resource.name}`, 'data-state': resource.state, 'data-health': resource.health ?? '',
      onclick: (event) => {
        if (event.target.closest('a, button') || String(getSelection())) return;
        ctx.set({ details: resource.name }, false);
      },
    },
      h('td', { class: 'col-name' }, h('div', { class: 'name-cell' },
        many ? h('button', { class: `icon-button small expander ${open.has(resource.name) ? 'open' : ''}`, 'aria-expanded': String(open.has(resource.name)), 'aria-label': `Replicas of ${resource.name}`,
          onclick: () => { if (!open.delete(resource.name)) open.add(resource.name); draw(); } }, icon('chevron')) : h('span', { class: 'expander-gap' }),
        h('span', { class: 'type-icon', title: resource.type }, icon(resource.type)),
        h('button', { class: 'link name', title: `Details of ${resource.name}`, onclick: () => ctx.set({ details: resource.name }, false) }, resource.name),
        many && h('span', { class: 'chip', title: plural(resource.replicas.length, 'replica') }, `×${resource.replicas.length}`),
        resource.errorLogs > 0 && h('a', { class: 'badge bad', href: `/structuredlogs/resource/${encodeURIComponent(resource.name)}?level=Error`, title: `${plural(resource.errorLogs, 'error')} logged`, 'aria-label': `${plural(resource.errorLogs, 'error')} logged by ${resource.name}` }, resource.errorLogs > 999 ? '999+' : resource.errorLogs))),
      h('td', { class: 'col-state' }, h('span', { class: 'state', title: resource.message ?? '' }, h('span', { class: `dot ${state.tone}` }), h('span', null, state.text)),
        resource.message && state.tone !== 'ok' && h('div', { class: 'state-message' }, resource.message)),
      h('td', { class: 'col-started', title: exact(resource.startedAt) }, ago(resource.startedAt)),
      h('td', { class: 'col-source' }, h('span', { class: 'ellipsis mono', title: resource.source ?? '' }, resource.source ?? '–')),
      h('td', { class: 'col-endpoints' }, endpoints(resource)),
      h('td', { class: 'col-restarts' }, resource.restarts ? h('span', { class: resource.restarts > 2 ? 'text-warn' : '' }, resource.restarts, h('span', { class: 'phone-only' }, resource.restarts === 1 ? ' restart' : ' restarts')) : h('span', { class: 'muted' }, '0')),
      h('td', { class: 'col-actions' }, commandButtons(resource, { links: true })));
  }

  function endpoints(resource) {
    const urls = resource.urls ?? [];
    if (!urls.length) return h('span', { class: 'muted' }, '–');
    return h('div', { class: 'endpoints' }, urls.slice(0, 3).map((url) => /^https?:/.test(url.url)
      ? h('a', { key: url.url, href: url.url, target: '_blank', rel: 'noopener', title: url.name, class: 'ellipsis' }, url.url.replace(/^https?:\/\//, '').replace(/\/$/, ''))
      : h('span', { key: url.url, class: 'ellipsis mono', title: url.name }, url.url)),
    urls.length > 3 && h('span', { class: 'muted' }, `+${urls.length - 3}`));
  }

  function replicaRow(resource, replica, index) {
    const state = stateOf(replica);
    return h('tr', { key: `${resource.name}/${replica.id}`, class: 'replica', 'data-testid': `replica-${replica.id}` },
      h('td', { class: 'col-name' }, h('div', { class: 'name-cell' }, h('span', { class: 'expander-gap' }), h('span', { class: 'tree-line' }), h('span', { class: 'mono' }, replica.id ?? index + 1))),
      h('td', { class: 'col-state' }, h('span', { class: 'state' }, h('span', { class: `dot ${state.tone}` }), h('span', null, state.text))),
      h('td', { class: 'col-started', title: exact(replica.startedAt) }, ago(replica.startedAt)),
      h('td', { class: 'col-source muted' }, replica.pid ? `pid ${replica.pid}` : '–'),
      h('td', { class: 'col-endpoints' }),
      h('td', { class: 'col-restarts' }, replica.restarts ?? 0, h('span', { class: 'phone-only' }, replica.restarts === 1 ? ' restart' : ' restarts')),
      h('td', { class: 'col-actions' }, h('a', { class: 'icon-button', title: 'Console', 'aria-label': `Console of ${replica.id}`, href: `/consolelogs/resource/${encodeURIComponent(resource.name)}?replica=${encodeURIComponent(replica.id)}` }, icon('console'))));
  }

  function parameters(list) {
    return h('section', { class: 'panel parameters', key: 'parameters', 'aria-label': 'Parameters' }, h('h2', { class: 'panel-title' }, 'Parameters'),
      h('ul', { class: 'parameter-list' }, list.map((resource) => {
        const entry = resource.environment?.[0];
        const state = stateOf(resource);
        return h('li', { key: resource.name, 'data-testid': `resource-${resource.name}`, 'data-state': resource.state, 'data-health': resource.health ?? '' },
          h('span', { class: 'type-icon', title: resource.type }, icon(resource.type)),
          h('button', { class: 'link name', onclick: () => ctx.set({ details: resource.name }, false) }, resource.name),
          entry?.isSecret ? h('span', { class: 'secret' }, icon('lock'), '••••••••')
            : entry ? [h('span', { class: 'mono ellipsis' }, entry.value ?? '–'), entry.value && copyButton(entry.value, resource.name)]
              : h('span', { class: 'mono ellipsis muted' }, resource.source ?? ''),
          state.tone !== 'ok' && h('span', { class: 'state', title: resource.message ?? '' }, h('span', { class: `dot ${state.tone}` }), resource.message || state.text));
      })));
  }

  first.title('Resources');
  draw();
  return {
    update(next) { ctx = next; ctx.title('Resources'); draw(); },
    dispose() { polling.stop(); unsubscribe(); clearInterval(timer); },
  };
}

function summary(list) {
  const count = (tones) => list.filter((resource) => tones.includes(stateOf(resource).tone)).length;
  const bad = count(['bad', 'warn']), waiting = count(['wait']);
  return `${count(['ok'])} of ${list.length} running${waiting ? ` · ${waiting} waiting` : ''}${bad ? ` · ${bad} need attention` : ''}`;
}
