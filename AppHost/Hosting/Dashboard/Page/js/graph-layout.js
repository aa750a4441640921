const nodeWidth = 176, nodeHeight = 52, gapX = 76, gapY = 20, margin = 16;

// Layers by longest path; edges that span layers get a place ("dummy") in each layer between, so that no line runs under a node.
export function layout(resources) {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const edges = new Map();
  for (const resource of resources) {
    for (const { resource: target, type } of resource.relationships ?? []) {
      if (!byName.has(target) || target === resource.name) continue;
      const key = `${resource.name}>${target}`;
      const old = edges.get(key);
      if (!old || old.type === 'WaitFor') edges.set(key, { from: resource.name, to: target, type });
    }
  }
  const list = [...edges.values()];
  const layer = layers(resources.map((resource) => resource.name), list);
  const rows = [];
  const place = (item, at) => { (rows[at] ??= []).push(item); return item; };
  const items = new Map(resources.map((resource) => [resource.name, place({ resource, links: [] }, layer.get(resource.name))]));
  for (const edge of list) {
    let previous = items.get(edge.from);
    edge.chain = [previous];
    const from = layer.get(edge.from), to = layer.get(edge.to);
    for (let at = from + 1; at < to; at++) edge.chain.push(place({ dummy: true, links: [] }, at));
    edge.chain.push(items.get(edge.to));
    for (const item of edge.chain.slice(1)) { previous.links.push(item); item.links.push(previous); previous = item; }
  }
  for (let at = 0; at < rows.length; at++) { rows[at] ??= []; for (const item of rows[at]) item.layer = at; }
  order(rows);
  return position(rows, list, resources, items);
}

function layers(names, edges) {
  const incoming = new Map(names.map((name) => [name, []]));
  for (const edge of edges) incoming.get(edge.to).push(edge.from);
  const depth = new Map();
  // A cycle (two resources that refer to each other) is cut at the edge that closes it.
  const visit = (name, path) => {
    if (depth.has(name)) return depth.get(name);
    if (path.has(name)) return -1;
    path.add(name);
    const value = Math.max(0, ...incoming.get(name).map((from) => visit(from, path) + 1));
    path.delete(name);
    depth.set(name, value);
    return value;
  };
  for (const name of names) visit(name, new Set());
  return depth;
}

function order(rows) {
  const number = () => rows.forEach((row) => row.forEach((item, index) => { item.order = index - (row.length - 1) / 2; }));
  number();
  for (let sweep = 0; sweep < 12; sweep++) {
    const forward = sweep % 2 === 0;
    for (const row of forward ? rows : [...rows].reverse()) {
      for (const item of row) {
        const near = item.links.filter((other) => (forward ? other.layer < item.layer : other.layer > item.layer));
        item.weight = near.length ? near.reduce((sum, other) => sum + other.order, 0) / near.length : item.order;
      }
      row.sort((a, b) => a.weight - b.weight || a.order - b.order);
      row.forEach((item, index) => { item.order = index - (row.length - 1) / 2; });
    }
  }
}

function position(rows, edges, resources, items) {
  const tall = (item) => (item.dummy ? 14 : nodeHeight);
  let height = 0;
  for (const row of rows) height = Math.max(height, row.reduce((sum, item) => sum + tall(item) + gapY, -gapY));
  rows.forEach((row, at) => {
    const total = row.reduce((sum, item) => sum + tall(item) + gapY, -gapY);
    let y = margin + (height - total) / 2;
    for (const item of row) {
      item.x = margin + at * (nodeWidth + gapX);
      item.y = y;
      y += tall(item) + gapY;
    }
  });
  const middle = (item) => item.y + tall(item) / 2;
  for (const edge of edges) {
    let path = '';
    edge.chain.forEach((item, index) => {
      const y = middle(item).toFixed(1);
      if (index === 0) { path = `M${item.x + nodeWidth} ${y}`; return; }
      const before = edge.chain[index - 1];
      // Towards an earlier layer happens only where a cycle was cut.
      const startX = before.x + nodeWidth, endX = index === edge.chain.length - 1 ? item.x - 3 : item.x;
      const bend = Math.max(36, Math.abs(endX - startX) / 2);
      path += `C${startX + bend} ${middle(before).toFixed(1)} ${endX - bend} ${y} ${endX} ${y}`;
      if (item.dummy) path += `H${item.x + nodeWidth}`;
    });
    edge.path = path;
  }
  return {
    nodes: resources.map((resource) => ({ resource, x: items.get(resource.name).x, y: items.get(resource.name).y, w: nodeWidth, h: nodeHeight })),
    edges, width: margin * 2 + rows.length * (nodeWidth + gapX) - gapX, height: height + margin * 2,
  };
}
