// Levers and pictures in one place that stays mounted: a move asks for an answer, an answer redraws what it changed.
// In:    JSON {seq, rev, lib, to: {address, frame}, said, groups: [{title, fold, levers}], parts: [{id, area, html, figure, alt}]}.
// Out:   a move, posted to its address: {...frame, rev, seq, moved, values}; events `commit` with the same at the end of a gesture,
//        `back` {rev, id}, `reset` {rev}.
// Never: computes. Python decides what a value means and checks every one.
import { draw, plotly, theme } from "./figures.js";
import { Lever, make, put } from "./levers.js";

const BASE = new URL("../../../", import.meta.url);    // of the app, wherever it is mounted
const GAP_MS = 60, PATIENCE_MS = 3000, RELEASED_MS = 300, SPOKEN_MS = 900;
const mounted = new WeakMap();

class Instrument {
  constructor(parent, { seq }) {
    Object.assign(this, { seq, asked: seq, answered: seq, askedAt: -GAP_MS, root: make("div", parent, { class: "live" }) });
  }

  build(data) {                                       // only when another data set has other levers or pictures
    for (const { plot } of Object.values(this.parts ?? {})) if (plot) window.Plotly?.purge(plot);
    this.root.replaceChildren();
    Object.assign(this, { levers: {}, folds: {}, parts: {} });
    const areas = { top: make("div", this.root, { class: "live-top" }) };
    const panel = make("div", this.root, { class: "live-levers", role: "group", "aria-label": "Levers" });
    const on = { move: (id, value) => this.move(id, value), release: (pause) => this.release(pause), back: (id) => this.act("back", { id }) };
    for (const { title, fold, levers } of data.groups) {
      const box = make(fold ? "details" : "div", panel, { class: "live-group" });
      this.folds[title] = make(fold ? "summary" : "h2", box, { class: "group", text: title });
      for (const lever of levers) this.levers[lever.id] = new Lever(lever, box, on);
      if (fold) box.open = levers.some((lever) => lever.back);
    }
    this.reset = make("button", panel, { class: "live-reset", type: "button", text: "Reset", on: { click: () => this.act("reset") } });
    for (const { id, area, figure } of data.parts) {
      const place = (areas[area] ??= make("div", this.root, { class: `live-${area}` }));
      this.parts[id] = { words: make("div", place), plot: figure && make("div", place, { class: "live-plot", role: "img" }) };
    }
    this.lost = make("p", this.root, { class: "live-lost", role: "status" });
    this.spoken = make("p", this.root, { class: "live-said", role: "status" });
    this.root.onfocusout = () => this.end();          // another page may be opened next
  }

  // ── asking: one question on its way, the newest wins ──
  move(id, value) {                                   // what a gesture began with is what its end changes
    this.committing = clearTimeout(this.committing);
    if (this.started?.id !== id || this.started.over) {
      const values = Object.fromEntries(Object.values(this.levers).map((lever) => [lever.id, lever.value]));
      this.started = { id, values };
    }
    if (Number.isFinite(value)) this.levers[id].set(value);
    this.started.wanted = { ...this.started.values, [id]: value };
    this.seq += 1;
    this.ask();
  }

  ask() {
    if (this.seq === this.asked || this.asked > this.answered || this.waiting) return;
    const pause = GAP_MS - (performance.now() - this.askedAt);
    if (pause <= 0) this.send((move) => this.post(move));
    else this.waiting = setTimeout(() => { this.waiting = 0; this.ask(); }, pause);
  }

  send(by) {
    if (!this.started) return;
    Object.assign(this, { asked: this.seq, askedAt: performance.now() });
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.unheard(), PATIENCE_MS);
    by({ rev: this.rev, seq: this.seq, moved: this.started.id, values: this.started.wanted });
  }

  async post(move) {                                  // past the page's script, which hears of it at the end of the gesture
    const body = JSON.stringify({ ...this.to.frame, ...move }), signal = AbortSignal.timeout(PATIENCE_MS);
    const read = (reply) => (reply.ok ? reply.json() : { refused: true });
    const data = await fetch(new URL(this.to.address, BASE), { method: "POST", body, signal }).then(read).catch(() => null);
    if (!data || this.gone || this.rev !== move.rev) return;         // lost, or set from elsewhere meanwhile
    if (data.refused) this.commit();                  // the page itself says why
    else this.update(data);
  }

  unheard() {
    if (this.asked <= this.answered) return;
    put(this.lost, "textContent", "No answer from the server. What you set is kept; still trying.");
    this.commit();
  }

  commit() {
    this.committing = clearTimeout(this.committing);
    this.send((move) => this.trigger("commit", move));
  }

  release(pause = RELEASED_MS) {                      // the address follows when the hand rests
    clearTimeout(this.committing);
    this.committing = setTimeout(() => this.end(), pause);
  }

  end() {
    if (!this.committing) return;
    this.commit();
    this.started.over = true;
  }

  act(event, more) {
    this.committing = clearTimeout(this.committing);
    this.trigger(event, { rev: this.rev, ...more });
  }

  // ── answers: drawn if they are not older than what is shown ──
  update(data) {
    const forced = data.rev !== this.rev;             // set by a button or a link: wins over the thumb
    if (!forced && data.seq < this.answered) return;
    const shape = JSON.stringify([data.groups.map((group) => group.levers.map((lever) => lever.id)), data.parts.map((part) => [part.id, !part.figure])]);
    if (this.shape !== shape) this.build(data);
    if (forced) this.committing = clearTimeout(this.committing);
    if (forced) Object.assign(this, { rev: data.rev, started: null, asked: this.seq });
    Object.assign(this, { shape, answered: forced ? this.seq : data.seq });
    if (this.asked <= this.answered) this.heard();
    Object.assign(this, { to: data.to ?? this.to, lib: data.lib ?? this.lib });
    this.show(data);
    this.draw(data);
    this.ask();
  }

  heard() {
    clearTimeout(this.patience);
    put(this.lost, "textContent", "");
  }

  show({ groups, parts, seq, said }) {
    const older = (lever) => seq < this.seq && this.started?.id === lever.id;
    for (const { title, fold, levers } of groups) {
      const changed = levers.some((lever) => lever.back);
      for (const lever of levers) this.levers[lever.id].update(lever, older(lever));
      put(this.folds[title], "textContent", fold && changed ? `${title} · changed` : title);
      if (fold && levers.some((lever) => lever.fault)) this.folds[title].parentElement.open = true;
    }
    this.reset.disabled = !groups.some(({ levers }) => levers.some((lever) => lever.back));
    for (const { id, html, figure, alt, hidden } of parts) {
      const part = this.parts[id];
      if (part.html !== html) part.words.innerHTML = part.html = html;
      if (!figure) continue;
      part.figure = figure;
      part.plot.hidden = hidden;
      part.plot.setAttribute("aria-label", alt);
      part.plot.style.height = `${figure.layout.height}px`;
    }
    clearTimeout(this.saying);
    this.saying = setTimeout(() => put(this.spoken, "textContent", said), SPOKEN_MS);
  }

  async draw({ seq }) {
    const Plotly = await plotly(this.lib), began = performance.now(), colours = theme(this.root);
    for (const part of Object.values(this.parts)) if (part.plot && !part.plot.hidden) draw(Plotly, part, colours);
    this.root.dispatchEvent(new CustomEvent("live-drawn", { bubbles: true, detail: { seq, took: performance.now() - began } }));
  }

  leave() {
    this.gone = true;
    for (const timer of ["committing", "patience", "saying", "waiting"]) clearTimeout(this[timer]);
    for (const { plot } of Object.values(this.parts)) if (plot) window.Plotly?.purge(plot);
    this.root.remove();
  }
}

export default function ({ parentElement, data: written, setTriggerValue }) {
  const data = JSON.parse(new TextDecoder().decode(written));
  const found = mounted.get(parentElement) ?? new Instrument(parentElement, data);
  mounted.set(parentElement, found);
  found.trigger = setTriggerValue;
  found.update(data);
  return () => { found.leave(); mounted.delete(parentElement); };
}
