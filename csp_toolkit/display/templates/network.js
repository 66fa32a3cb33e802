"use strict";
(function () {
  var began = performance.now();
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
  holder.style.height = Math.max(360, Math.min(1.05 * data.height, 1240)) + "px";
  var drawn = new vis.DataSet(edges);
  var network = new vis.Network(holder, { nodes: new vis.DataSet(nodes), edges: drawn }, options);
  var byId = function (id) { return document.getElementById(id); };
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-tie]"));
  var labelOf = {}, near = null, timed = false;
  data.nodes.forEach(function (n) { labelOf[n.id] = n.label; });

  network.on("afterDrawing", function (pen) {
    if (!timed) { timed = true; document.documentElement.setAttribute("data-took", String(Math.round(performance.now() - began))); }
    if (near !== null) {
      var c = data.nodes.find(function (n) { return n.id === near; });
      pen.beginPath(); pen.arc(c.x, c.y, 17, 0, 2 * Math.PI);
      pen.strokeStyle = data.ink; pen.lineWidth = 3; pen.stroke();
    }
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
  function choose(id) {
    near = id;
    var text = data.rest;
    rows.forEach(function (row) { row.classList.remove("on"); });
    if (id !== null) {
      var own = data.ties.filter(function (t, i) {
        var is = (t.a === id || t.b === id) && !drawn.get(i).hidden;
        if (is) { rows[i].classList.add("on"); }
        return is;
      });
      text = own.length ? own.map(function (t) { return t.said; }).join(". ") + "." : labelOf[id] + ": " + data.none;
    }
    chosen.textContent = text;
    network.redraw();
  }
  function filter() {
    var kind = byId("kind").value, grade = Number(byId("grade").value), since = byId("since") ? byId("since").value : "";
    var n = 0;
    drawn.update(data.ties.map(function (t, i) {
      var is = (!kind || t.kinds.indexOf(kind) >= 0) && t.grade >= grade && (!since || (t.last && t.last >= since));
      rows[i].hidden = !is;
      n += is;
      return { id: i, hidden: !is };
    }));
    byId("shown").textContent = n + " of " + data.ties.length + " ties shown";
    document.documentElement.setAttribute("data-shown", String(n));
    choose(near);
  }
  function find() {
    var wanted = byId("find").value.trim().toLocaleLowerCase();
    var found = wanted ? data.nodes.filter(function (n) { return n.label.toLocaleLowerCase().indexOf(wanted) >= 0; }) : [];
    if (!wanted) { choose(null); } else if (found.length) { choose(found[0].id); } else { chosen.textContent = data.nobody; }
  }
  function step(by) {
    var order = data.nodes.map(function (n) { return n.id; });
    var at = order.indexOf(near);
    choose(order[(at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by + order.length) % order.length]);
  }
  network.on("select", function (event) { choose(event.nodes.length ? event.nodes[0] : null); });
  holder.addEventListener("keydown", function (event) {
    var keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in keys) { event.preventDefault(); step(keys[event.key]); }
    if (event.key === "Escape") { choose(null); }
    if (event.key === "+" || event.key === "-") { network.moveTo({ scale: network.getScale() * (event.key === "+" ? 1.2 : 1 / 1.2) }); }
    if (event.key === "0") { show(); }
  });
  rows.forEach(function (row, i) {
    row.addEventListener("click", function () { choose(data.ties[i].a); });
  });
  ["kind", "grade", "since"].forEach(function (id) { if (byId(id)) { byId(id).addEventListener("change", filter); } });
  byId("find").addEventListener("input", find);
  byId("all").addEventListener("click", function () {
    byId("kind").value = ""; byId("grade").value = "0"; byId("find").value = "";
    if (byId("since")) { byId("since").value = ""; }
    near = null; filter(); show();
  });
  filter();
  document.documentElement.setAttribute("data-drawn", String(edges.length));
})();
