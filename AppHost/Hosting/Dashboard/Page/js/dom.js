// A small virtual DOM. Pages are redrawn from data at every poll; patching in place keeps focus, selection and scroll position.
// Everything goes through text nodes and attributes, so data can never become markup.
const svgNamespace = 'http://www.w3.org/2000/svg';

export function h(tag, props, ...kids) {
  return { tag, props: props ?? {}, kids: flatten(kids, []) };
}

function flatten(kids, into) {
  for (const kid of kids) {
    if (kid === null || kid === undefined || kid === false || kid === true || kid === '') continue;
    if (Array.isArray(kid)) flatten(kid, into);
    else into.push(typeof kid === 'object' ? kid : String(kid));
  }
  return into;
}

export function render(host, ...kids) {
  patchKids(host, flatten(kids, []));
}

export function build(vnode) {
  const node = create(vnode, null);
  patch(node, vnode);
  return node;
}

function create(vnode, host) {
  if (typeof vnode === 'string') return document.createTextNode(vnode);
  const inSvg = vnode.tag === 'svg' || (host?.namespaceURI === svgNamespace && host.localName !== 'foreignObject');
  const node = inSvg ? document.createElementNS(svgNamespace, vnode.tag) : document.createElement(vnode.tag);
  node.__tag = vnode.tag;
  node.__props = {};
  node.__on = {};
  return node;
}

const keyOf = (vnode) => (typeof vnode === 'string' ? undefined : vnode.props.key);

function fits(node, vnode) {
  if (!node) return false;
  if (typeof vnode === 'string') return node.nodeType === Node.TEXT_NODE;
  return node.__tag === vnode.tag && node.__props.key === vnode.props.key;
}

function patchKids(host, kids) {
  const keys = new Set();
  for (const kid of kids) { const key = keyOf(kid); if (key !== undefined) keys.add(key); }
  const keyed = new Map();
  for (const node of [...host.childNodes]) {
    const key = node.__props?.key;
    if (key === undefined) continue;
    // Gone rows leave first: the others then stay where they are instead of being moved, which would lose their focus.
    if (keys.has(key)) keyed.set(key, node); else node.remove();
  }
  let at = host.firstChild;
  for (const kid of kids) {
    const key = keyOf(kid);
    let node = key === undefined ? at : keyed.get(key);
    if (!fits(node, kid)) node = create(kid, host);
    if (node === at) at = at.nextSibling; else host.insertBefore(node, at);
    patch(node, kid);
  }
  while (at) { const next = at.nextSibling; at.remove(); at = next; }
}

function patch(node, vnode) {
  if (typeof vnode === 'string') {
    if (node.data !== vnode) node.data = vnode;
    return;
  }
  if (node.__vnode === vnode) return;
  const old = node.__props, props = vnode.props;
  for (const name in old) if (!(name in props)) setProp(node, name, null, old[name]);
  for (const name in props) if (name !== 'value' && props[name] !== old[name]) setProp(node, name, props[name], old[name]);
  if (!props.opaque) patchKids(node, vnode.kids);
  // After the children: a select can only take a value that it has an option for.
  if ('value' in props && node.value !== String(props.value) && (node.localName === 'select' || document.activeElement !== node || props.force)) node.value = props.value;
  const fresh = node.__vnode === undefined;
  node.__props = props;
  node.__vnode = vnode;
  if (fresh && props.ref) props.ref(node);
}

function setProp(node, name, value, old) {
  if (name === 'key' || name === 'ref' || name === 'opaque' || name === 'force') return;
  if (name.startsWith('on')) {
    const type = name.slice(2).toLowerCase();
    if (!(type in node.__on)) node.addEventListener(type, (event) => node.__on[type]?.(event));
    node.__on[type] = value;
  } else if (name === 'style') {
    for (const key in old ?? {}) if (!value || !(key in value)) node.style.removeProperty(key);
    for (const key in value ?? {}) if (value[key] !== old?.[key]) node.style.setProperty(key, value[key]);
  } else if (name === 'checked' || name === 'disabled' || name === 'hidden' || name === 'selected') {
    node[name] = Boolean(value);
  } else if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? '' : value);
  }
}
