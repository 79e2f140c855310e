// Maps that move: stands in for the SVG of the server when somebody asks for it and the browser has WebGL 2.
// No tiles and no fonts from anywhere: outline and spots are ours, names stand in the box that a spot opens.

const WORDS = { place: "Place", flagged: "To be looked at", closed: "Closed", chosen: "Chosen" };
const SHAPE_PX = 32;
const SHAPES = {
  place: { colour: "#1d70b8", draw: (pen) => pen.arc(16, 16, 9, 0, 2 * Math.PI) },
  flagged: { colour: "#b10e1e", draw: (pen) => polygon(pen, [16, 3], [29, 16], [16, 29], [3, 16]) },
  closed: { colour: "#383f43", draw: (pen) => polygon(pen, [5, 9], [9, 5], [16, 12], [23, 5], [27, 9], [20, 16], [27, 23], [23, 27], [16, 20], [9, 27], [5, 23], [12, 16]) },
  chosen: { colour: "#005a30", draw: (pen) => pen.rect(5, 5, 22, 22) },
};

function polygon(pen, ...corners) {
  corners.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

function pictureOf({ colour, draw }) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SHAPE_PX, height: SHAPE_PX });
  const pen = canvas.getContext("2d");
  pen.beginPath();
  draw(pen);
  Object.assign(pen, { fillStyle: colour, strokeStyle: "#ffffff", lineWidth: 2 });
  pen.stroke();
  pen.fill();
  return pen.getImageData(0, 0, SHAPE_PX, SHAPE_PX);
}

function styleOf(data, outline) {
  const isA = (type) => ["==", ["geometry-type"], type];
  return {
    version: 8,
    sources: { spots: { type: "geojson", data }, outline: { type: "geojson", data: outline } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#ffffff" } },
      { id: "land", type: "fill", source: "outline", paint: { "fill-color": "#f8f8f8", "fill-outline-color": "#b1b4b6" } },
      { id: "areas", type: "fill", source: "spots", filter: isA("Polygon"), paint: { "fill-color": "#eeefef", "fill-outline-color": "#505a5f" } },
      { id: "ways", type: "line", source: "spots", filter: isA("LineString"), paint: { "line-color": "#383f43", "line-width": 2 } },
      {
        id: "spots", type: "symbol", source: "spots", filter: isA("Point"),
        layout: { "icon-image": ["coalesce", ["image", ["get", "kind"]], ["image", "place"]], "icon-allow-overlap": true },
      },
    ],
  };
}

function* pointsOf(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const inner of coordinates) yield* pointsOf(inner);
}

function boundsOf(features) {
  const points = features.flatMap((feature) => [...pointsOf(feature.geometry.coordinates)]);
  if (!points.length) return [[-8, 50], [2, 60]];
  const lons = points.map((p) => p[0]);
  const lats = points.map((p) => p[1]);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

function boxOf(properties) {
  const box = document.createElement("div");
  const name = document.createElement(properties.href ? "a" : "strong");
  name.textContent = properties.name;
  if (properties.href) Object.assign(name, { href: properties.href, className: "govuk-link" });
  const words = document.createElement("p");
  words.className = "govuk-body-s govuk-!-margin-bottom-0";
  words.textContent = properties.words || WORDS[properties.kind] || "";
  box.append(name, words);
  return box;
}

function addStyles(href) {
  return new Promise((done, fail) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: fail });
    document.head.append(link);
  });
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

async function open(figure, button) {
  button.disabled = true;
  button.textContent = "Opening the map";
  try {
    const [library, data, outline] = await Promise.all([
      import("maplibre-gl"),
      fetchJson(figure.dataset.map),
      fetchJson(figure.dataset.mapOutline),
      addStyles(figure.dataset.mapStyles),
    ]);
    library.setWorkerUrl(import.meta.resolve("maplibre-gl-worker"));
    const ground = figure.querySelector(".live-map");
    ground.hidden = false;
    const map = new library.Map({
      container: ground,
      style: styleOf(data, outline),
      bounds: boundsOf(data.features),
      fitBoundsOptions: { padding: 30, maxZoom: 15 },
      attributionControl: data.attribution ? { customAttribution: data.attribution } : false,
      cooperativeGestures: true,
      fadeDuration: 0,
    });
    for (const [kind, shape] of Object.entries(SHAPES)) map.addImage(kind, pictureOf(shape), { pixelRatio: 2 });
    map.addControl(new library.NavigationControl({ showCompass: false }));
    map.addControl(new library.ScaleControl({ unit: "metric" }));
    map.getCanvas().setAttribute("aria-label", figure.dataset.mapTitle);
    map.on("click", "spots", (event) => {
      const [feature] = event.features;
      new library.Popup({ focusAfterOpen: true })
        .setLngLat(feature.geometry.coordinates)
        .setDOMContent(boxOf(feature.properties))
        .addTo(map);
    });
    map.on("mouseenter", "spots", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "spots", () => { map.getCanvas().style.cursor = ""; });
    figure.querySelector(".scrolls").hidden = true;
    button.remove();
  } catch (error) {
    button.disabled = false;
    button.textContent = "The map did not open. Try again";
    console.warn(error);
  }
}

const hasWebGl = Boolean(document.createElement("canvas").getContext("webgl2"));
for (const figure of hasWebGl ? document.querySelectorAll("[data-map]") : []) {
  const button = figure.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => open(figure, button));
}
