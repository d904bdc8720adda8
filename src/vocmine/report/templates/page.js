"use strict";
// Draws every chart from the JSON beside it; while the page prints, charts take the width of the paper.
(() => {
  const PAPER = 660;
  const charts = [...document.querySelectorAll(".chart")];
  const locale = JSON.parse(document.getElementById("locale").textContent);
  Plotly.register(locale);
  const config = {displayModeBar: false, responsive: true, locale: locale.name};
  for (const chart of charts) {
    const figure = JSON.parse(chart.nextElementSibling.textContent);
    Plotly.newPlot(chart, figure.data, figure.layout, config);
  }
  addEventListener("beforeprint", () => charts.forEach((chart) => Plotly.relayout(chart, {width: PAPER})));
  addEventListener("afterprint", () => charts.forEach((chart) => Plotly.relayout(chart, {width: null, autosize: true})));
})();
