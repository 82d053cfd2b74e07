"""Where a face is: polygons it is in and lines it crosses, decided exactly in integers.

A zone's corners are on a grid of its own (`grid`, by default 1000 × 1000: per mille of the frame), so that a drawing
holds for every frame size. A face's place is its box's middle in 1/64 pixel. Both are brought to one lattice by
multiplication only, so nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bitfast_faces.cameras.schedule import Hours, open_at
from bitfast_faces.types import UNITS_PER_PIXEL, Box, Point

PER_MILLE = (1000, 1000)
Corner = tuple[int, int]


@dataclass(frozen=True)
class Zone:
    """A polygon and when it counts. `recognise` False counts people there and never computes a template.

    `limit` is how many may be in it before the event `limit` says so; 0 is no limit.
    """

    name: str
    polygon: tuple[Corner, ...] = ((0, 0), (1000, 0), (1000, 1000), (0, 1000))
    grid: Corner = PER_MILLE
    hours: tuple[Hours, ...] = ()
    recognise: bool = True
    limit: int = 0


@dataclass(frozen=True)
class Line:
    """An arrow from `start` to `end`; walking from its left to its right, seen along the arrow, is "in"."""

    name: str
    start: Corner
    end: Corner
    grid: Corner = PER_MILLE
    hours: tuple[Hours, ...] = ()


def middle(box: Box) -> Point:
    """A box's middle in 1/64 pixel, rounded down."""
    return Point((box.left + box.right) // 2, (box.top + box.bottom) // 2)


def inside(place: Point, polygon: Sequence[Corner], grid: Corner, size: tuple[int, int]) -> bool:
    """Whether a place in 1/64 pixel of a frame of `size` (width, height) is in the polygon; its border belongs to it.

    Even–odd rule. An edge counts for a horizontal ray when its ends are on different sides of it, the upper end
    included and the lower one not, so a ray through a corner counts it once.

    >>> inside(Point(64, 64), ((0, 0), (1000, 0), (1000, 1000)), PER_MILLE, (2, 2))
    True
    """
    x, y = place.x * grid[0], place.y * grid[1]
    corners = _lattice(polygon, size)
    odd = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay <= y) != (by <= y) and (cross > 0) == (by > ay):
            odd = not odd
    return odd


def zone_at(zones: Sequence[Zone], place: Point, size: tuple[int, int], at: int) -> Zone | None:
    """The first zone in the list's order that the place is in and that is open at that moment (ms of the epoch)."""
    for zone in zones:
        if inside(place, zone.polygon, zone.grid, size) and open_at(zone.hours, at):
            return zone
    return None


def side(line: Line, place: Point, size: tuple[int, int], margin: int = 0) -> int:
    """On which side of the line's infinite extension a place is: -1 left, 1 right, 0 nearer than `margin` (1/64 pixel).

    Left and right are those of somebody walking along the arrow on the picture. With a frame whose pixels are not
    square on the grid, the margin is measured in pixels: the cross product is taken there.
    """
    cross, squared = _cross(line, place, size)
    scale = line.grid[0] * line.grid[1]
    if cross == 0 or cross * cross < margin * margin * squared * scale * scale:
        return 0
    return 1 if cross > 0 else -1


def crossed(line: Line, before: Point, after: Point, size: tuple[int, int]) -> bool:
    """Whether the way from `before` to `after`, which are on different sides of the line, passes between its ends."""
    gx, gy = line.grid
    unit = UNITS_PER_PIXEL
    a = (line.start[0] * size[0] * unit * gy, line.start[1] * size[1] * unit * gx)
    b = (line.end[0] * size[0] * unit * gy, line.end[1] * size[1] * unit * gx)
    p, q = ((place.x * gx * gy, place.y * gx * gy) for place in (before, after))
    first, second = _turn(p, q, a), _turn(p, q, b)
    return (first > 0) != (second > 0) or first == 0 or second == 0


def _lattice(polygon: Sequence[Corner], size: tuple[int, int]) -> list[Corner]:
    return [(x * size[0] * UNITS_PER_PIXEL, y * size[1] * UNITS_PER_PIXEL) for x, y in polygon]


def _turn(p: Corner, q: Corner, r: Corner) -> int:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _cross(line: Line, place: Point, size: tuple[int, int]) -> tuple[int, int]:
    """The cross product of the arrow and the place from its start, and the arrow's squared length.

    In 1/64 pixel, the first times (grid x · grid y)², the second times the same: each factor carries gx · gy once.
    """
    gx, gy = line.grid
    unit = UNITS_PER_PIXEL
    ax, ay = line.start[0] * size[0] * unit * gy, line.start[1] * size[1] * unit * gx
    bx, by = line.end[0] * size[0] * unit * gy, line.end[1] * size[1] * unit * gx
    dx, dy = bx - ax, by - ay
    return dx * (place.y * gx * gy - ay) - dy * (place.x * gx * gy - ax), dx * dx + dy * dy
