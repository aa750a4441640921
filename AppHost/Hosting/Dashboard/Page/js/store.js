import { get, poll } from './api.js';
import { announce } from './colors.js';

// The resources are wanted by every page (filters, drawer, names of services), so one poll serves them all.
const listeners = new Set();
let text = '';
let polling = null;
let settled = null;
// Colours follow the AppHost's order of resources; a page drawn before that is known would hand them out by chance.
export const ready = new Promise((resolve) => { settled = resolve; setTimeout(resolve, 1000); });

export const store = {
  session: null,
  resources: null,
  version: null,
  error: null,
  subscribe(listener) { listeners.add(listener); return () => listeners.delete(listener); },
  refresh() { polling?.restart(); },
  find(name) { return store.resources?.find((resource) => resource.name === name); },
};

const tell = () => { for (const listener of [...listeners]) listener(); };

export function startStore() {
  polling = poll(async (signal) => {
    if (!store.session) {
      store.session = await get('/api/session', null, signal);
      tell();
    }
    const { resources, version } = await get('/api/resources', { after: store.version }, signal);
    store.version = version;
    store.error = null;
    const next = JSON.stringify(resources);
    if (next === text) return;
    text = next;
    store.resources = resources;
    announce(resources.filter((resource) => !isSetting(resource)).map((resource) => resource.name));
    settled();
    tell();
  }, 100, (error) => { settled(); store.error = error; if (!store.resources) tell(); });
}

export const isSetting = (resource) => resource.type === 'Parameter' || resource.type === 'ConnectionString';

export function resourceOptions(all = 'All resources', telemetryOnly = false) {
  const resources = (store.resources ?? []).filter((resource) => !isSetting(resource) && !(telemetryOnly && resource.type === 'ExternalService'));
  return [['', all], ...resources.map((resource) => [resource.name, resource.name])];
}

// Keeps a name in the list that the AppHost does not know: telemetry can come from a program that it did not start.
export function withCurrent(options, value) {
  return value && !options.some(([option]) => option === value) ? [...options, [value, value]] : options;
}

export function stateOf(resource) {
  const { state, health, exitCode } = resource;
  if (state === 'Running' || state === 'Active') {
    if (health === 'Unhealthy') return { tone: 'bad', text: `${state} (Unhealthy)` };
    if (health === 'Degraded') return { tone: 'warn', text: `${state} (Degraded)` };
    return { tone: 'ok', text: state };
  }
  if (state === 'FailedToStart') return { tone: 'bad', text: 'Failed to start' };
  if (state === 'RuntimeUnhealthy') return { tone: 'bad', text: 'Runtime unhealthy' };
  if (state === 'Exited') {
    return exitCode ? { tone: 'bad', text: `Exited (${exitCode})` } : { tone: 'off', text: 'Exited' };
  }
  if (state === 'Finished') return { tone: 'done', text: 'Finished' };
  if (state === 'NotStarted') return { tone: 'off', text: 'Not started' };
  if (state === 'Unknown' || !state) return { tone: 'off', text: 'Unknown' };
  return { tone: 'wait', text: state };
}
