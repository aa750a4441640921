const listeners = new Set();
let live = true;

export class ApiError extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

export const connection = {
  get live() { return live; },
  subscribe(listener) { listeners.add(listener); },
};

function setLive(value) {
  if (live === value) return;
  live = value;
  for (const listener of listeners) listener(value);
}

export function queryString(params) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params ?? {})) {
    if (Array.isArray(value)) for (const item of value) query.append(key, item);
    else if (value !== null && value !== undefined && value !== '' && value !== false) query.set(key, value);
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}

async function request(method, path, signal) {
  let response;
  try {
    response = await fetch(path, {
      method, signal, credentials: 'same-origin', cache: 'no-store',
      headers: method === 'GET' ? { Accept: 'application/json' } : { Accept: 'application/json', 'X-Requested-With': 'dashboard' },
    });
  } catch (error) {
    if (error.name !== 'AbortError') setLive(false);
    throw error;
  }
  if (response.status === 401) {
    location.assign(`/login?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
    throw new ApiError(401, 'Not logged in');
  }
  // A proxy in front answers 502-504 while the AppHost restarts: that is a lost connection, not an answer.
  setLive(response.status < 502);
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(response.status, problem.title ?? `Error ${response.status}`, problem.detail);
  }
  return response.json();
}

export const get = (path, params, signal) => request('GET', path + queryString(params), signal);
export const post = (path, params) => request('POST', path + queryString(params));

// Runs `work(signal)` now and then every `milliseconds`, never twice at once, not while the tab is hidden.
// `restart()` drops what is under way (its question is out of date) and asks again at once.
export function poll(work, milliseconds, onError) {
  let timer = 0, controller = null, stopped = false, failures = 0;
  async function round() {
    clearTimeout(timer);
    if (stopped || document.hidden) return;
    const mine = controller = new AbortController();
    try {
      await work(mine.signal);
      failures = 0;
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ApiError) && !(error instanceof TypeError && /fetch|network|load/i.test(error.message))) console.error(error);
      failures++;
      onError?.(error);
    }
    if (stopped || mine !== controller) return;
    controller = null;
    timer = setTimeout(round, failures ? Math.min(5000, Math.max(milliseconds, 1000) * failures) : milliseconds);
  }
  const wake = () => { if (!document.hidden && !controller) round(); };
  document.addEventListener('visibilitychange', wake);
  round();
  return {
    restart() { controller?.abort(); controller = null; round(); },
    stop() { stopped = true; clearTimeout(timer); controller?.abort(); document.removeEventListener('visibilitychange', wake); },
  };
}
