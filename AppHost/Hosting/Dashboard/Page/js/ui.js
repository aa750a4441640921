import { h, build, render } from './dom.js';
import { icon } from './icons.js';

export function toast(text, tone = 'ok') {
  const host = document.getElementById('toasts');
  const node = build(h('div', { class: `toast ${tone}` }, h('span', { class: `dot ${tone}` }), h('span', null, text),
    h('button', { class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => node.remove() }, icon('close'))));
  host.append(node);
  while (host.children.length > 4) host.firstChild.remove();
  setTimeout(() => node.remove(), tone === 'bad' ? 12000 : 5000);
}

export function confirmDialog(title, text, action) {
  return new Promise((resolve) => {
    const dialog = build(h('dialog', { class: 'dialog', 'aria-label': title },
      h('h2', null, title), h('p', null, text),
      h('div', { class: 'dialog-buttons' },
        h('button', { class: 'button', onclick: () => dialog.close('no') }, 'Cancel'),
        h('button', { class: 'button primary', 'data-testid': 'confirm', onclick: () => dialog.close('yes') }, action))));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

let closeOpenMenu = null;

export function openMenu(anchor, items) {
  const again = anchor.getAttribute('aria-expanded') === 'true';
  closeOpenMenu?.();
  if (again) return;
  const menu = build(h('div', { class: 'menu', role: 'menu' }, items.map((item) => item === '-'
    ? h('div', { class: 'menu-line', role: 'separator' })
    : item.href
      ? h('a', { role: 'menuitem', href: item.href, onclick: () => close() }, item.icon && icon(item.icon), item.label)
      : h('button', { role: 'menuitem', disabled: item.disabled, title: item.title, 'data-testid': item.testId, onclick: () => { close(); item.run(); } }, item.icon && icon(item.icon), item.label))));
  document.body.append(menu);
  const box = anchor.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${box.bottom + 4 + menu.offsetHeight > innerHeight ? Math.max(8, box.top - menu.offsetHeight - 4) : box.bottom + 4}px`;
  anchor.setAttribute('aria-expanded', 'true');
  const entries = [...menu.querySelectorAll('[role=menuitem]:not(:disabled)')];
  entries[0]?.focus({ preventScroll: true });
  function close() {
    menu.remove();
    anchor.setAttribute('aria-expanded', 'false');
    removeEventListener('pointerdown', outside, true);
    removeEventListener('scroll', close, true);
    removeEventListener('resize', close);
    closeOpenMenu = null;
  }
  function outside(event) {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) close();
  }
  menu.addEventListener('keydown', (event) => {
    const at = entries.indexOf(document.activeElement);
    if (event.key === 'ArrowDown') entries[(at + 1) % entries.length]?.focus();
    else if (event.key === 'ArrowUp') entries[(at - 1 + entries.length) % entries.length]?.focus();
    else if (event.key === 'Escape') { close(); anchor.focus(); }
    else if (event.key === 'Tab') { close(); return; }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  addEventListener('pointerdown', outside, true);
  addEventListener('scroll', close, true);
  addEventListener('resize', close);
  closeOpenMenu = close;
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('Copied');
  } catch {
    toast('The browser did not allow copying', 'bad');
  }
}

export function copyButton(text, label) {
  return h('button', { class: 'icon-button small', title: 'Copy', 'aria-label': `Copy ${label}`, onclick: () => copyText(text) }, icon('copy'));
}

export function empty(title, text, ...more) {
  return h('div', { class: 'empty', key: 'empty' }, h('strong', null, title), h('p', null, text), more);
}

export function searchBox(value, placeholder, onInput, testId) {
  return h('label', { class: 'search', key: 'search' }, icon('search'),
    h('input', { type: 'search', value, placeholder, 'aria-label': placeholder, 'data-testid': testId, spellcheck: 'false', autocomplete: 'off', oninput: (event) => onInput(event.target.value) }));
}

export function select(label, value, options, onChange, key = label) {
  return h('label', { class: 'select', key }, h('span', { class: 'visually-hidden' }, label),
    h('select', { value, 'aria-label': label, title: label, onchange: (event) => onChange(event.target.value) },
      options.map(([optionValue, text]) => h('option', { value: optionValue, key: optionValue }, text))));
}

export function toggle(label, on, onChange, iconName) {
  return h('button', { class: `button toggle ${on ? 'on' : ''}`, 'aria-pressed': String(Boolean(on)), title: label, 'aria-label': label, key: `toggle-${label}`, onclick: () => onChange(!on) },
    iconName && icon(iconName), h('span', { class: iconName ? 'toggle-text' : '' }, label));
}

export function attributeList(pairs) {
  return h('dl', { class: 'pairs' }, pairs.map(({ key, value }) => h('div', { class: 'pair' }, h('dt', null, key),
    h('dd', null, h('span', { class: 'wrap' }, value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value)), copyButton(String(value ?? ''), key)))));
}

export function problem(host, error) {
  render(host, empty(error.title ?? 'No answer', error.message));
}

export function debounce(work, milliseconds) {
  let timer = 0;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => work(...args), milliseconds); };
}
