// One lever on the screen: slider, exact entry, what a step does, what is wrong, the way back to today's value.
// In:    {id, label, help, unit, kind, names, factor, locale, point, form, digits, min, max, step, today, value, effect, fault, back}.
// Out:   calls of `on`: `move(id, value)`, `release(pause)`, `back(id)`.
// Never: decides what a value means; a thumb is rounded to its step and nothing more.
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

export function make(tag, place, attributes = {}) {
  const { text, on, ...plain } = attributes, node = document.createElement(tag);
  for (const [name, value] of Object.entries(plain)) node.setAttribute(name, value);
  for (const [name, act] of Object.entries(on ?? {})) node.addEventListener(name, act);
  if (text) node.textContent = text;
  place.append(node);
  return node;
}

export const put = (node, field, value) => { if (node[field] !== value) node[field] = value; };

function written({ kind, names, factor, form, locale }, value) {
  if (names[value]) return names[value];
  if (kind !== "month") return (value * factor).toLocaleString(locale, form);
  return new Date(Date.UTC(1970, value)).toLocaleDateString("en-US", { month: "short", year: "numeric", timeZone: "UTC" });
}

function read({ kind, names, factor, point }, text) {
  const named = Object.entries(names).find(([, name]) => name.toLowerCase() === text.trim().toLowerCase());
  if (named) return Number(named[0]);
  const plain = point === "," ? text.replaceAll(".", "").replace(",", ".") : text;
  if (kind !== "month") return Number(plain.replace(/[^\d.e+-]/gi, "") || NaN) / factor;
  const [, year, number] = /^\s*(\d{4})-(\d{1,2})\s*$/.exec(text) ?? [];
  const day = year ? new Date(Date.UTC(year, number - 1)) : new Date(`1 ${text} UTC`);
  return (day.getUTCFullYear() - 1970) * 12 + day.getUTCMonth();
}

function snapped({ min, max, today, step, digits }, raw) {      // the steps start from today, so that today is one
  const near = raw <= min || raw >= max ? raw : today + Math.round((raw - today) / step) * step;
  return Number(Math.min(Math.max(near, min), max).toFixed(digits));
}

export class Lever {
  constructor({ id, label, help, kind }, place, on) {
    this.id = id;
    this.box = make("div", place, { class: "live-lever" });
    const name = `live-${id}`, row = make("div", this.box, { class: "live-row" });
    make("label", row, { for: name, text: label });
    make("button", row, { class: "live-help", type: "button", popovertarget: `${name}-help`, "aria-label": `About ${label}`, text: "?" });
    make("div", row, { id: `${name}-help`, class: "live-about", popover: "auto", text: help });
    if (kind === "switch") {
      const flip = () => { on.move(id, Number(this.flip.checked)); on.release(); };
      this.flip = make("input", row, { id: name, type: "checkbox", role: "switch", "aria-describedby": `${name}-effect`, on: { change: flip } });
    } else this.slide(row, name, label, on);
    this.effect = make("p", this.box, { class: "effect", id: `${name}-effect` });
    this.fault = make("p", this.box, { class: "live-fault", role: "alert" });
    this.back = make("button", this.box, { class: "live-back", type: "button", on: { click: () => on.back(id) } });
  }

  slide(row, name, label, on) {
    const typed = () => { this.typing = false; on.move(this.id, read(this.now, this.text.value)); on.release(); };
    this.text = make("input", row, { class: "live-exact", type: "text", autocomplete: "off", "aria-label": `${label}, exact value`,
      on: { input: () => { this.typing = true; }, change: typed } });
    this.unit = make("span", row, { class: "live-unit", "aria-hidden": "true" });
    const track = make("div", this.box, { class: "live-track" });
    this.mark = make("i", track, { class: "live-today" });
    this.range = make("input", track, { id: name, type: "range", step: "any", "aria-describedby": `${name}-effect`, on: {
      input: () => on.move(this.id, snapped(this.now, Number(this.range.value))),
      change: () => on.release(0),                       // a hand that lets go is done; keys may go on
      dblclick: () => on.back(this.id),
      keydown: (event) => this.press(event, on) } });
  }

  press(event, on) {                                  // every key here, so that `change` is a hand that let go
    const ends = { Home: this.now.min, End: this.now.max }, steps = KEYS[event.key];
    if (!(steps || event.key in ends) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    on.move(this.id, snapped(this.now, ends[event.key] ?? this.value + steps * this.now.step));
    on.release();
  }

  set(value) {
    this.value = value;
    if (this.flip) return put(this.flip, "checked", Boolean(value));
    const text = written(this.now, value), unit = this.now.names[value] ? "" : this.now.unit;
    put(this.range, "value", String(value));
    this.range.setAttribute("aria-valuetext", `${text} ${unit}`.trim());
    put(this.unit, "textContent", unit);
    if (!this.typing) put(this.text, "value", text);
  }

  update(lever, keep) {
    this.now = lever;
    if (this.range) {
      for (const bound of ["min", "max"]) put(this.range, bound, String(lever[bound]));
      this.mark.style.setProperty("--at", (lever.today - lever.min) / (lever.max - lever.min || 1));
    }
    if (!keep) this.set(lever.value);
    this.box.toggleAttribute("data-changed", Boolean(lever.back));
    for (const words of ["effect", "fault", "back"]) put(this[words], "textContent", lever[words]);
    this.back.disabled = !lever.back;
  }
}
