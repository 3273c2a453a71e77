// Pictures that stay mounted: Plotly is loaded once, and a figure is handed to `Plotly.react` only if it changed.
// In:    a node, a figure {data, layout} in which #0000NN stands for colour NN of the theme in force.
// Out:   the picture.
// Never: adds a title, a number or a range.
const CONFIG = { displayModeBar: false, responsive: true };
let loading;

export function plotly({ file, integrity }) {
  return (loading ??= new Promise((done, failed) => {
    const script = document.createElement("script"), src = new URL(file, import.meta.url).href;
    Object.assign(script, { src, integrity, crossOrigin: "anonymous", onload: () => done(window.Plotly), onerror: failed });
    document.head.append(script);
  }));
}

export function theme(root) {
  const style = getComputedStyle(root), of = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const colours = of("chart-categorical-colors").split(/,(?![^(]*\))/);
  return { text: of("text-color"), ground: of("background-color"), line: of("border-color"), grid: of("border-color-light"), family: of("font"), colours };
}

function painted(figure, { text, ground, line, grid, family, colours }) {
  const colour = (_, number) => (number === "36" ? text : colours[number - 1]);
  const { data, layout } = JSON.parse(JSON.stringify(figure).replace(/#0000(\d\d)/g, colour));
  for (const name of Object.keys(layout).filter((name) => /^[xy]axis/.test(name)))
    layout[name] = { gridcolor: grid, zerolinecolor: grid, ...layout[name] };
  const hoverlabel = { bgcolor: ground, bordercolor: line, font: { family, color: text, size: 13 } };
  return [data, { ...layout, autosize: true, font: { family, color: text, size: 12 }, hoverlabel }];
}

export function draw(Plotly, part, colours) {
  const sign = JSON.stringify([part.figure, colours]);
  if (part.sign === sign) return;
  const config = part.sign ? undefined : CONFIG;    // once: given again, it is built and compared again
  part.sign = sign;
  Plotly.react(part.plot, ...painted(part.figure, colours), config);
}
