import { h } from './dom.js';
import { icon } from './icons.js';
import { layout } from './graph-layout.js';
import { stateOf } from './store.js';

export function graph(resources, { selected, dim, select }) {
  const { nodes, edges, width, height } = layout(resources);
  const near = new Set(edges.filter((edge) => edge.from === selected || edge.to === selected).flatMap((edge) => [edge.from, edge.to]));
  return h('div', { class: 'panel graph', 'data-testid': 'graph', key: 'graph' },
    h('div', { class: 'graph-scroll', tabindex: '0', 'aria-label': 'Dependency graph' },
      h('svg', { viewBox: `0 0 ${width} ${height}`, class: 'graph-svg', style: { 'max-width': `${width}px`, 'min-width': `${Math.round(width * (innerWidth < 700 ? 0.95 : 0.72))}px` } },
        h('defs', null, ['', 'hot'].map((kind) => h('marker', { key: kind, id: `arrow${kind}`, viewBox: '0 0 8 8', refX: '7', refY: '4', markerWidth: '7', markerHeight: '7', orient: 'auto' },
          h('path', { d: 'M0 0.8L7.5 4L0 7.2z', class: `arrow ${kind}` })))),
        h('g', null, edges.map((edge) => {
          const hot = selected && (edge.from === selected || edge.to === selected);
          return h('path', { key: `${edge.from}>${edge.to}`, d: edge.path, class: `edge ${edge.type === 'WaitFor' ? 'dashed' : ''} ${hot ? 'hot' : ''}`, 'marker-end': `url(#arrow${hot ? 'hot' : ''})` },
            h('title', null, `${edge.from} ${edge.type === 'WaitFor' ? 'waits for' : 'uses'} ${edge.to}`));
        })),
        h('g', null, nodes.map(({ resource, x, y, w, h: tall }) => {
          const state = stateOf(resource);
          const open = () => select(resource.name);
          return h('g', {
            key: resource.name, class: `node ${state.tone} ${selected === resource.name ? 'selected' : ''} ${dim(resource) || (near.size && selected !== resource.name && !near.has(resource.name)) ? 'dim' : ''}`,
            transform: `translate(${x} ${y})`, tabindex: '0', role: 'button', 'data-testid': `node-${resource.name}`, 'data-state': resource.state,
            onclick: open, onkeydown: (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); open(); } },
          },
            h('rect', { class: 'node-box', width: w, height: tall, rx: '8' }),
            h('rect', { class: 'node-mark', width: '4', height: tall - 16, x: '0', y: '8', rx: '2' }),
            h('g', { transform: 'translate(14 10)', class: 'node-icon' }, h('svg', { width: '14', height: '14', viewBox: '0 0 16 16' }, icon(resource.type).kids)),
            h('text', { class: 'node-name', x: '34', y: '21.5' }, short(resource.name, 17), (resource.replicas?.length ?? 0) > 1 && h('tspan', { class: 'node-count', dx: '6' }, `×${resource.replicas.length}`)),
            h('text', { class: 'node-state', x: '14', y: '40' }, short(state.text, 22)));
        })))),
    h('p', { class: 'graph-legend' }, h('span', { class: 'legend-line' }), 'uses', h('span', { class: 'legend-line dashed' }), 'waits for', h('span', { class: 'muted grow' }, 'Arrows point to what a resource needs.')));
}

const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
