// One colour per service, the same on every page: by order of first mention, after the AppHost's own order has been announced.
const order = new Map();
const count = 12;

export function announce(names) {
  for (const name of names) if (!order.has(name)) order.set(name, order.size);
}

export function colorClass(name) {
  announce([name]);
  return `c${order.get(name) % count}`;
}
