import { ApiError, post } from './api.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { store } from './store.js';
import { confirmDialog, openMenu, toast } from './ui.js';

const direct = ['start', 'stop', 'restart'];

async function run(resource, command, replica) {
  if (command.confirmation && !await confirmDialog(`${command.displayName}: ${resource.name}`, command.confirmation, command.displayName)) return;
  try {
    const answer = await post(`/api/resources/${encodeURIComponent(resource.name)}/commands/${encodeURIComponent(command.name)}`, { replica });
    toast(`${resource.name}: ${answer.message || `${command.displayName} ${answer.success ? 'done' : 'failed'}`}`, answer.success ? 'ok' : 'bad');
  } catch (error) {
    toast(`${resource.name}: ${error instanceof ApiError ? error.message : 'the AppHost did not answer'}`, 'bad');
  }
  store.refresh();
}

export function resourceLinks(resource) {
  const name = encodeURIComponent(resource.name);
  return [
    { label: 'Console', icon: 'console', href: `/consolelogs/resource/${name}` },
    { label: 'Structured logs', icon: 'logs', href: `/structuredlogs/resource/${name}` },
    { label: 'Traces', icon: 'traces', href: `/traces/resource/${name}` },
    { label: 'Metrics', icon: 'metrics', href: `/metrics/resource/${name}` },
  ];
}

export function commandButtons(resource, options = {}) {
  const commands = resource.commands ?? [];
  const shown = direct.map((name) => commands.find((command) => command.name === name)).filter(Boolean)
    .concat(commands.filter((command) => command.isHighlighted && !direct.includes(command.name) && options.labels));
  const others = commands.filter((command) => !shown.includes(command));
  const testId = (command) => `command-${resource.name}-${command.name}${options.where ? `-${options.where}` : ''}`;
  return h('div', { class: 'actions' },
    shown.map((command) => h('button', {
      key: command.name, class: options.labels ? 'button' : 'icon-button', disabled: command.state !== 'Enabled',
      title: command.description || command.displayName, 'aria-label': `${command.displayName} ${resource.name}`, 'data-testid': testId(command),
      onclick: () => run(resource, command),
    }, direct.includes(command.name) && icon(command.name), options.labels && command.displayName)),
    (others.length > 0 || options.links) && h('button', {
      key: 'more', class: 'icon-button', title: 'More', 'aria-label': `More for ${resource.name}`, 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'data-testid': `more-${resource.name}`,
      onclick: (event) => openMenu(event.currentTarget, [
        ...others.map((command) => ({ label: command.displayName, title: command.description, disabled: command.state !== 'Enabled', testId: testId(command), run: () => run(resource, command) })),
        ...(others.length && options.links ? ['-'] : []),
        ...(options.links ? resourceLinks(resource) : []),
      ]),
    }, icon('more')));
}
