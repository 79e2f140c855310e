// Maps that move: stands in for the SVG of the server when somebody asks for it and the browser has WebGL 2.
// No tiles and no fonts from anywhere: outline and spots are ours, names stand in the box that a spot opens.

const COLOURS = { place: "#1d70b8", flagged: "#b10e1e", closed: "#383f43", chosen: "#005a30" };
const WORDS = { place: "Place", flagged: "To be looked at", closed: "Closed", chosen: "Chosen" };
const SIZES = { place: 5, flagged: 7, closed: 4, chosen: 8 };

function byKind(table, fallback) {
  return ["match", ["get", "kind"], ...Object.entries(table).flat(), fallback];
}

function styleOf(data) {
  return {
    version: 8,
    sources: { spots: { type: "geojson", data } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": "#ffffff" } },
      { id: "areas", type: "fill", source: "spots", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#f3f2f1", "fill-outline-color": "#505a5f" } },
      { id: "ways", type: "line", source: "spots", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": "#383f43", "line-width": 2 } },
      {
        id: "spots", type: "circle", source: "spots", filter: ["==", ["geometry-type"], "Point"],
        paint: {
          "circle-color": byKind(COLOURS, "#1d70b8"), "circle-radius": byKind(SIZES, 5),
          "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5,
        },
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

async function open(figure, button) {
  button.disabled = true;
  button.textContent = "Opening the map";
  try {
    const [library, answer] = await Promise.all([
      import("maplibre-gl"),
      fetch(figure.dataset.map, { headers: { Accept: "application/geo+json" } }),
      addStyles(figure.dataset.mapStyles),
    ]);
    if (!answer.ok) throw new Error(`the map's rows answered ${answer.status}`);
    const data = await answer.json();
    library.setWorkerUrl(import.meta.resolve("maplibre-gl-worker"));
    const ground = figure.querySelector(".live-map");
    ground.hidden = false;
    const map = new library.Map({
      container: ground,
      style: styleOf(data),
      bounds: boundsOf(data.features),
      fitBoundsOptions: { padding: 30, maxZoom: 15 },
      attributionControl: data.attribution ? { customAttribution: data.attribution } : false,
      cooperativeGestures: true,
      fadeDuration: 0,
    });
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
