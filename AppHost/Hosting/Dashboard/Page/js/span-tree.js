// Rows of the waterfall: depth first by parent, in start order. A span whose parent is missing (lost, or still under way) is a root.
export function tree(spans) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = new Map();
  const roots = [];
  for (const span of spans) {
    if (span.parentId && byId.has(span.parentId) && span.parentId !== span.spanId) {
      if (!children.has(span.parentId)) children.set(span.parentId, []);
      children.get(span.parentId).push(span);
    } else roots.push(span);
  }
  const rows = [], seen = new Set();
  const visit = (span, depth, ancestors) => {
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    const below = children.get(span.spanId) ?? [];
    rows.push({ span, depth, ancestors, below: below.length });
    for (const child of below) visit(child, depth + 1, [...ancestors, span.spanId]);
  };
  for (const root of roots) visit(root, 0, []);
  // Spans that name each other as parents have no root; they still have to be seen.
  for (const span of spans) visit(span, 0, []);
  return rows;
}

export function ticks(duration, count) {
  const rough = duration / count;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough) ?? rough;
  const list = [];
  for (let value = 0; value <= duration * 0.97; value += step) list.push(value);
  return list;
}
