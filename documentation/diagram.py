"""The one diagram of the architecture: Dagster's asset graph, its tables gathered in boxes, drawn as SVG.

A box holds the tables of a group that stand equally far from the files; a line is there where a table of one box is
made of a table of another, unless a longer way between the two says the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg
import networkx as nx

from quickbooks_history.definitions import defs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GROUPS = {
    "exports": ("#f3f4f6", "#6b7280"),
    "raw": ("#fef3c7", "#b45309"),
    "staging": ("#e0f2fe", "#0369a1"),
    "snapshots": ("#ede9fe", "#6d28d9"),
    "marts": ("#dcfce7", "#15803d"),
    "monitoring": ("#fce7f3", "#be185d"),
}
"""Each group of assets with the colours of its boxes and of their frames."""

MADE_BY = {
    None: "files in the inbox",
    "meltano_load": "Meltano: tap and loader",
    "dbt_build": "dbt",
}
"""What makes the assets of an operation of Dagster's."""

WIDTH, MARGIN = 920, 12
LINE, LETTER, SMALL_LETTER = 17, 6.9, 6.2
GAP_ACROSS, GAP_DOWN = 24, 46


class Box(NamedTuple):
    """Tables of one group, equally far from the files."""

    group: str
    depth: int


class Drawn(NamedTuple):
    """A box and where it stands, in pixels."""

    x: float
    y: float
    width: float
    height: float
    lines: list[str]


def diagram() -> str:
    """Return the asset graph as SVG."""
    graph = defs.resolve_asset_graph()
    tables = nx.DiGraph()
    for key in graph.get_all_asset_keys():
        tables.add_node(key)
        tables.add_edges_from((parent, key) for parent in graph.get(key).parent_keys)
    depths = {key: depth for depth, keys in enumerate(nx.topological_generations(tables)) for key in keys}
    box_of = {key: Box(_group(graph, key), depths[key]) for key in tables}
    boxes = nx.DiGraph()
    boxes.add_nodes_from(box_of.values())
    boxes.add_edges_from({(box_of[a], box_of[b]) for a, b in tables.edges if box_of[a] != box_of[b]})
    members: dict[Box, list[dg.AssetKey]] = defaultdict(list)
    for key in sorted(tables):
        members[box_of[key]].append(key)
    checks = Counter(box_of[check.asset_key] for check in graph.asset_check_keys)
    makers = {box: _maker(graph, keys[0], checks[box]) for box, keys in members.items()}
    drawn = _placed(members, makers)
    height = max(place.y + place.height for place in drawn.values()) + MARGIN
    reduced = nx.transitive_reduction(boxes)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}"'
            f' height="{height:g}" font-family="ui-sans-serif, system-ui, sans-serif" font-size="13">',
            "<title>From the export files to the marts: Dagster's asset graph</title>",
            "<!-- Made by `uv run python -m documentation` from the code: change it there. -->",
            '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0L8 4L0 8z" fill="#6b7280"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>',
            *(_arrow(drawn[a], drawn[b]) for a, b in sorted(reduced.edges)),
            *(_box(box, place, makers[box]) for box, place in sorted(drawn.items())),
            "</svg>",
        ]
    )


def _group(graph: dg.AssetGraph, key: dg.AssetKey) -> str:
    group = str(graph.get(key).group_name)
    if group not in GROUPS:
        raise ValueError(
            f"{key.to_user_string()} is in the group {group!r}, of which documentation/diagram.py knows nothing"
        )
    return group


def _maker(graph: dg.AssetGraph, key: dg.AssetKey, checks: int) -> str:
    node = graph.get(key)
    maker = MADE_BY[node.assets_def.op.name if node.is_executable else None]
    return f"{maker} · {checks} checks" if checks else maker


def _placed(members: dict[Box, list[dg.AssetKey]], makers: dict[Box, str]) -> dict[Box, Drawn]:
    """Boxes in rows by their distance from the files, those of a row as wide as what they hold."""
    rows: dict[int, list[Box]] = defaultdict(list)
    for box in sorted(members, key=lambda box: (box.depth, [*GROUPS].index(box.group))):
        rows[box.depth].append(box)
    drawn, y = {}, float(MARGIN)
    for depth in sorted(rows):
        names = {box: [_shown(key) for key in members[box]] for box in rows[depth]}
        room = WIDTH - 2 * MARGIN - GAP_ACROSS * (len(names) - 1)
        asked = {
            box: max(100 + SMALL_LETTER * len(makers[box]), LETTER * sum(len(name) + 2 for name in told))
            for box, told in names.items()
        }
        scale = min(1.0, room / sum(asked.values()))
        lines = {box: [*_wrapped(told, asked[box] * scale - 16)] for box, told in names.items()}
        height = 30 + LINE * max(map(len, lines.values()))
        x = (WIDTH - GAP_ACROSS * (len(names) - 1) - scale * sum(asked.values())) / 2
        for box, told in lines.items():
            drawn[box] = Drawn(round(x), y, round(asked[box] * scale), height, told)
            x += asked[box] * scale + GAP_ACROSS
        y += height + GAP_DOWN
    return drawn


def _shown(key: dg.AssetKey) -> str:
    """The ledger's schema is not its group."""
    return ".".join(key.path) if key.path[0] == "meta" else key.path[-1]


def _wrapped(names: Sequence[str], width: float) -> Iterator[str]:
    line = ""
    for name in names:
        longer = f"{line}, {name}" if line else name
        if line and LETTER * len(longer) > width:
            yield f"{line},"
            longer = name
        line = longer
    yield line


def _box(box: Box, place: Drawn, maker: str) -> str:
    fill, frame = GROUPS[box.group]
    x, y = place.x + 10, place.y + 19
    texts = [
        f'<text x="{x}" y="{y:g}" font-weight="600" fill="{frame}">{box.group}</text>',
        f'<text x="{place.x + place.width - 10}" y="{y:g}" font-size="11" text-anchor="end" fill="#6b7280">'
        f"{escape(maker)}</text>",
    ]
    texts += [
        f'<text x="{x}" y="{y + LINE * (n + 1):g}" fill="#111827">{escape(line)}</text>'
        for n, line in enumerate(place.lines)
    ]
    rectangle = (
        f'<rect x="{place.x}" y="{place.y:g}" width="{place.width}" height="{place.height:g}" rx="6" fill="{fill}" '
        f'stroke="{frame}"/>'
    )
    return "\n".join([rectangle, *texts])


def _arrow(a: Drawn, b: Drawn) -> str:
    """A curve from the lower edge of a box to the upper edge of one below it, where both have room for it."""
    left, right = max(a.x, b.x), min(a.x + a.width, b.x + b.width)
    middle = (left + right) / 2
    overlap = right > left
    x1 = middle if overlap else a.x + a.width / 2
    x2 = middle if overlap else b.x + b.width / 2
    y1, y2 = a.y + a.height, b.y
    bend = (y2 - y1) / 2
    return (
        f'<path d="M{x1:g} {y1:g}C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2 - 1:g}" fill="none" '
        'stroke="#6b7280" stroke-width="1.3" marker-end="url(#end)"/>'
    )
