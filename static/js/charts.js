/*
 * Charts from plain data: an element with data-chart="id" is drawn from the JSON element of that id, an ECharts option in
 * which "tone:red" and "ink:muted" stand for colours of the present theme. The library is fetched by the first chart.
 * Tooltips are drawn as rich text, for the policy refuses the styles of HTML ones.
 */
"use strict";

(() => {
  const source = document.currentScript.dataset.echarts;
  const drawn = new Map();
  let library = null;

  const fetchLibrary = () => {
    library ??= new Promise((done) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = done;
      document.head.append(script);
    });
    return library;
  };

  /* A custom property keeps its light-dark() as text; only a real property answers with the colour itself. */
  const colour = (name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(--${name.replace(":", "-")})`;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const themed = (value) => {
    if (typeof value === "string") return /^(tone|ink|tint):\w+$/.test(value) ? colour(value) : value;
    if (Array.isArray(value)) return value.map(themed);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, themed(part)]));
  };

  const base = () => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: colour("ink:muted") },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("tint:panel"),
      borderColor: colour("ink:line"),
      textStyle: { fontSize: 12, color: colour("ink:text") },
    },
    grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
  });

  const axis = (given) => ({
    axisLabel: { color: colour("ink:muted") },
    axisLine: { lineStyle: { color: colour("ink:line") } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colour("ink:line") } },
    ...given,
  });

  const whole = (option) => {
    const plain = base();
    const full = { ...plain, ...option, tooltip: { ...plain.tooltip, ...option.tooltip } };
    for (const name of ["xAxis", "yAxis"]) if (option[name]) full[name] = [option[name]].flat().map(axis);
    if (option.series) full.series = option.series.map((one) => (one.type === "bar" ? { barMaxWidth: 48, ...one } : one));
    if (option.legend) {
      full.grid = { ...plain.grid, top: 40, ...option.grid };
      full.legend = { top: 0, type: "scroll", textStyle: { color: colour("ink:text") }, icon: "rect", ...option.legend };
    }
    return full;
  };

  const draw = (element) => {
    const option = themed(JSON.parse(document.getElementById(element.dataset.chart).textContent));
    const chart = drawn.get(element) || window.echarts.init(element);
    chart.setOption(whole(option), true);
    drawn.set(element, chart);
  };

  const drawAll = async (root) => {
    const elements = [...root.querySelectorAll("[data-chart]")];
    if (!elements.length) return;
    await fetchLibrary();
    elements.forEach(draw);
  };

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
  document.addEventListener("themechange", () => drawn.forEach((_, element) => element.isConnected && draw(element)));
  window.addEventListener("resize", () => drawn.forEach((chart, element) => element.isConnected && chart.resize()));
})();
