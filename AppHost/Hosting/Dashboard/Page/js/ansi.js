// Select Graphic Rendition only: every other escape sequence is dropped, so that no program can hide or move text on this page.
const sequence = /\x1b(?:\[([0-9;:]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]|\x1b/g;

export function parse(text) {
  if (!/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) return [{ text }];
  const parts = [];
  let style = {}, at = 0;
  const push = (piece) => { if (piece) parts.push({ text: piece, ...style }); };
  for (const match of text.matchAll(sequence)) {
    push(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === 'm') style = apply(style, match[1]);
  }
  push(text.slice(at));
  return parts;
}

export const plain = (text) => text.replace(sequence, '');

function apply(old, codes) {
  let style = { ...old };
  const list = codes.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  for (let index = 0; index < list.length; index++) {
    const code = list[index];
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 9) style.strike = true;
    else if (code === 22) { style.bold = false; style.dim = false; }
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code === 27) style.inverse = false;
    else if (code === 29) style.strike = false;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code === 39) style.fg = undefined;
    // Black is the terminal's own ground: loggers set it as "no colour", and here the page's ground takes its place.
    else if (code === 40) style.bg = undefined;
    else if (code > 40 && code <= 47) style.bg = code - 40;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 49) style.bg = undefined;
    else if (code === 38 || code === 48) {
      const target = code === 38 ? 'fg' : 'bg';
      if (list[index + 1] === 5) { style[target] = indexed(list[index + 2]); index += 2; }
      else if (list[index + 1] === 2) { style[target] = rgb(list[index + 2], list[index + 3], list[index + 4]); index += 4; }
    }
  }
  return style;
}

const rgb = (r, g, b) => `rgb(${[r, g, b].map((part) => Math.max(0, Math.min(255, part | 0))).join(' ')})`;

function indexed(value) {
  if (!(value >= 0 && value <= 255)) return undefined;
  if (value < 16) return value;
  if (value >= 232) { const grey = 8 + (value - 232) * 10; return rgb(grey, grey, grey); }
  const step = (part) => (part === 0 ? 0 : 55 + part * 40);
  const cube = value - 16;
  return rgb(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6));
}

export function paint(node, part) {
  const classes = [];
  for (const name of ['bold', 'dim', 'italic', 'underline', 'strike', 'inverse']) if (part[name]) classes.push(`ansi-${name}`);
  if (typeof part.fg === 'number') classes.push(`ansi-fg${part.fg}`);
  else if (part.fg) { classes.push('ansi-rgb'); node.style.setProperty('--fg', part.fg); }
  if (typeof part.bg === 'number') classes.push('ansi-bg', `ansi-bg${part.bg}`);
  else if (part.bg) { classes.push('ansi-bg'); node.style.backgroundColor = part.bg; }
  if (classes.length) node.className = classes.join(' ');
}
