import { h, render } from './dom.js';
import { commandButtons, resourceLinks } from './commands.js';
import { ago, exact } from './format.js';
import { icon } from './icons.js';
import { stateOf, store } from './store.js';
import { copyButton } from './ui.js';

export function mountDrawer(host, { selected, select }) {
  let shown = null, opener = null;

  function draw() {
    const name = selected();
    const resource = name ? store.find(name) : null;
    if (name && !store.resources) return;
    document.body.classList.toggle('with-drawer', Boolean(name));
    if (!name) {
      render(host);
      if (shown) { shown = null; if (opener?.isConnected) opener.focus({ preventScroll: true }); opener = null; }
      return;
    }
    if (!shown) opener = document.activeElement;
    render(host, h('aside', { class: 'drawer', 'data-testid': 'details', role: 'dialog', 'aria-label': `Details of ${name}`, key: 'drawer' },
      resource ? content(resource) : [head(name, null), h('p', { class: 'drawer-note' }, 'The AppHost has no resource of this name.')]));
    if (shown !== name) {
      host.querySelector('.drawer-body')?.scrollTo(0, 0);
      if (!shown) host.querySelector('.drawer-close')?.focus({ preventScroll: true });
    }
    shown = name;
  }

  const open = (name) => `${location.pathname}${withDetails(name)}`;

  function head(name, resource) {
    return h('div', { class: 'drawer-head' },
      resource && h('span', { class: 'type-icon', title: resource.type }, icon(resource.type)),
      h('h2', null, name),
      h('span', { class: 'grow' }),
      h('button', { class: 'icon-button drawer-close', 'aria-label': 'Close details', onclick: () => select(null) }, icon('close')));
  }

  function content(resource) {
    const state = stateOf(resource);
    const dependents = store.resources.flatMap((other) => (other.relationships ?? []).filter((relation) => relation.resource === resource.name).map((relation) => ({ resource: other.name, type: relation.type })));
    return [
      head(resource.name, resource),
      h('div', { class: 'drawer-body', tabindex: '0', 'aria-label': 'Details' },
        h('div', { class: 'drawer-top' },
          h('span', { class: 'state' }, h('span', { class: `dot ${state.tone}` }), state.text),
          h('span', { class: 'muted' }, resource.type),
          resource.startedAt && h('span', { class: 'muted', title: exact(resource.startedAt) }, `started ${ago(resource.startedAt)}`),
          resource.stoppedAt && h('span', { class: 'muted', title: exact(resource.stoppedAt) }, `stopped ${ago(resource.stoppedAt)}`),
          resource.exitCode !== null && resource.exitCode !== undefined && h('span', { class: 'muted' }, `exit code ${resource.exitCode}`),
          resource.restarts > 0 && h('span', { class: 'muted' }, `restarts: ${resource.restarts}`)),
        resource.message && h('p', { class: `drawer-message ${state.tone}` }, resource.message),
        (resource.commands ?? []).length > 0 && commandButtons(resource, { labels: true, where: 'details' }),
        resource.type !== 'Parameter' && resource.type !== 'ConnectionString' && h('div', { class: 'drawer-links' }, resourceLinks(resource).map((link) => h('a', { key: link.label, href: link.href }, icon(link.icon), link.label))),
        section('Endpoints', (resource.urls ?? []).map((url) => h('div', { class: 'line', key: url.url },
          h('span', { class: 'line-key' }, url.name),
          /^https?:/.test(url.url) ? h('a', { class: 'wrap', href: url.url, target: '_blank', rel: 'noopener' }, url.url) : h('span', { class: 'mono wrap' }, url.url),
          url.isExternal && h('span', { class: 'chip' }, 'external'), copyButton(url.url, url.name)))),
        section('Health', (resource.healthReports ?? []).map((report) => h('div', { class: 'line', key: report.name },
          h('span', { class: 'line-key' }, h('span', { class: `dot ${report.status === 'Healthy' ? 'ok' : report.status === 'Degraded' ? 'warn' : report.status ? 'bad' : 'off'}` }), report.name),
          h('span', { class: report.description ? 'wrap' : 'nowrap' }, report.status ?? 'not run yet', report.description && h('span', { class: 'muted' }, ` – ${report.description}`)),
          report.lastRunAt && h('span', { class: 'muted nowrap', title: exact(report.lastRunAt) }, ago(report.lastRunAt))))),
        section('Needs', merge(resource.relationships ?? []).map(relation)),
        section('Needed by', merge(dependents).map(relation)),
        section('Replicas', (resource.replicas ?? []).map((replica) => {
          const replicaState = stateOf(replica);
          return h('div', { class: 'line', key: replica.id }, h('span', { class: 'line-key mono' }, replica.id),
            h('span', { class: 'state' }, h('span', { class: `dot ${replicaState.tone}` }), replicaState.text),
            h('span', { class: 'muted' }, [replica.pid && `pid ${replica.pid}`, replica.restarts > 0 && `restarts: ${replica.restarts}`].filter(Boolean).join(' · ')));
        })),
        section('Source', resource.source ? [h('div', { class: 'line' }, h('span', { class: 'mono wrap' }, resource.source), copyButton(resource.source, 'source'))] : []),
        section('Arguments', (resource.arguments ?? []).map((argument, index) => h('div', { class: 'line', key: index },
          argument.isSecret ? h('span', { class: 'secret' }, icon('lock'), '••••••••') : [h('span', { class: 'mono wrap' }, argument.value), copyButton(argument.value ?? '', 'argument')]))),
        section('Volumes', (resource.volumes ?? []).map((volume, index) => h('div', { class: 'line', key: index },
          h('span', { class: 'mono wrap' }, `${volume.source ?? 'anonymous'} → ${volume.target}`), volume.isReadOnly && h('span', { class: 'chip' }, 'read-only')))),
        section('Environment', (resource.environment ?? []).map((entry) => h('div', { class: 'env', key: entry.name, 'data-testid': `env-${entry.name}` },
          h('span', { class: 'env-name mono wrap' }, entry.name),
          entry.isSecret ? h('span', { class: 'secret', title: 'A secret never leaves the AppHost' }, icon('lock'), '••••••••') : h('span', { class: 'mono wrap env-value' }, entry.value ?? ''),
          !entry.isSecret && copyButton(entry.value ?? '', entry.name))))),
    ];
  }

  function relation({ resource, types }) {
    const other = store.find(resource);
    return h('div', { class: 'line', key: resource }, h('span', { class: `dot ${other ? stateOf(other).tone : 'off'}` }),
      h('a', { href: open(resource) }, resource), types.map((type) => h('span', { class: 'chip', key: type }, type === 'WaitFor' ? 'waits for' : type.toLowerCase())));
  }

  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && shown && !event.defaultPrevented && !document.querySelector('dialog[open], .menu')) select(null);
  });
  store.subscribe(draw);
  return draw;
}

function withDetails(name) {
  const query = new URLSearchParams(location.search);
  query.set('details', name);
  return `?${query}`;
}

function merge(relations) {
  const byName = new Map();
  for (const { resource, type } of relations) byName.set(resource, [...(byName.get(resource) ?? []), type]);
  return [...byName].map(([resource, types]) => ({ resource, types: [...new Set(types)] }));
}

function section(title, items) {
  return items.length > 0 && h('section', { class: 'drawer-section', key: title }, h('h3', null, title, h('span', { class: 'count' }, items.length)), items);
}
