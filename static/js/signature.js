/* A signature drawn with finger, pen or mouse: data-sign="id" names the hidden field that takes it as a picture. */
"use strict";

(() => {
  const canvas = document.querySelector("canvas[data-sign]");
  if (!canvas) return;
  const target = document.getElementById(canvas.dataset.sign);
  const pen = canvas.getContext("2d");
  let drawn = false;

  const clear = () => {
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#10151c";
    drawn = false;
    target.value = "";
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(event.offsetX, event.offsetY);
    pen.stroke();
    drawn = true;
  });
  canvas.closest("form").addEventListener("submit", () => {
    target.value = drawn ? canvas.toDataURL("image/png") : "";
  });
  document.querySelector("[data-sign-clear]").addEventListener("click", clear);
  clear();
})();
