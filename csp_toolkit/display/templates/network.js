"use strict";
(function () {
  var data = JSON.parse(document.getElementById("data").textContent);
  var holder = document.getElementById("picture");
  var chosen = document.getElementById("chosen");
  var looks = {
    listed: { shape: "dot", size: 10, color: { background: data.blue, border: data.blue }, borderWidth: 0 },
    scored: { shape: "dot", size: 9, color: { background: "#fff", border: data.blue }, borderWidth: 2.4 },
    other: { shape: "dot", size: 7, color: { background: "#fff", border: data.ink2 }, borderWidth: 1.2 },
    diamond: { shape: "diamond", size: 12, color: { background: data.care, border: data.care }, borderWidth: 0 },
    line: { shape: "square", size: 10, color: { background: data.fill, border: data.ink }, borderWidth: 1.6 }
  };
  var nodes = data.nodes.map(function (n) {
    return Object.assign({ id: n.id, x: n.x, y: n.y, fixed: true, physics: false, chosen: false }, looks[n.look]);
  });
  var edges = data.ties.map(function (t, i) {
    return { id: i, from: t.a, to: t.b, width: t.width, dashes: t.dashed ? [5, 4] : false, chosen: false };
  });
  var options = {
    autoResize: true, physics: false, layout: { improvedLayout: false, randomSeed: 1 },
    nodes: { labelHighlightBold: false }, edges: { smooth: false, color: { color: data.ink2, inherit: false } },
    interaction: { dragNodes: false, hover: false, selectConnectedEdges: false, multiselect: false, zoomSpeed: 0.5 }
  };
  var network = new vis.Network(holder, { nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges) }, options);

  network.on("afterDrawing", function (pen) {
    data.nodes.forEach(function (n) {
      if (!n.beside) { return; }
      var x = n.x + 11, y = n.y + 9, r = 8;
      pen.beginPath();
      pen.moveTo(x, y - r); pen.lineTo(x + r, y); pen.lineTo(x, y + r); pen.lineTo(x - r, y);
      pen.closePath();
      pen.fillStyle = data.care; pen.strokeStyle = "#fff"; pen.lineWidth = 1.5;
      pen.fill(); pen.stroke();
    });
    pen.font = "14px Arial, 'Liberation Sans', sans-serif";
    pen.lineJoin = "round";
    data.labels.forEach(function (l) {
      pen.textAlign = l.align;
      pen.strokeStyle = "#fff"; pen.lineWidth = 4; pen.strokeText(l.text, l.x, l.y);
      pen.fillStyle = data.ink; pen.fillText(l.text, l.x, l.y);
    });
  });

  holder.addEventListener("wheel", function (event) { // a wheel without Ctrl scrolls the page the picture stands on
    if (!event.ctrlKey) { event.stopPropagation(); }
  }, { capture: true });

  function show() {
    var scale = Math.min(holder.clientWidth / data.width, holder.clientHeight / data.height);
    network.moveTo({ position: { x: data.width / 2, y: data.height / 2 }, scale: scale });
  }
  network.on("resize", show);
  show();
  network.on("select", function (event) {
    var text = data.rest;
    if (event.nodes.length) {
      var id = event.nodes[0];
      var said = data.ties.filter(function (t) { return t.a === id || t.b === id; }).map(function (t) { return t.said; });
      text = said.length ? said.join(". ") + "." : data.none;
    }
    chosen.textContent = text;
  });
  document.documentElement.setAttribute("data-drawn", String(edges.length));
})();
