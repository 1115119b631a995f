"""Where arms part: TABRANCH stands on the element before."""

from collections.abc import Sequence

from pipeline.transform.arms.element import Element


def branch_points(paths: Sequence[list[Element]]) -> list[dict[int, str]]:
    """For each path, the places of elements after which it parts from others that came the same
    way, each with what the way on is called: the next element where several arms share it, else
    nothing, which means the arm itself.

    Paths that are the same all along part at the end of what all paths share.
    """
    found: list[dict[int, str]] = [{} for _ in paths]
    groups = [list(range(len(paths)))] if len(paths) > 1 else []
    at = 0
    while groups:
        parted: list[list[int]] = []
        for group in groups:
            ways: dict[tuple[str, ...], list[int]] = {}
            for number in group:
                path = paths[number]
                ways.setdefault(path[at].key if at < len(path) else (), []).append(number)
            if len(ways) > 1 and at:
                for way in ways.values():
                    for number in way:
                        shared = len(way) > 1 and at < len(paths[number])
                        same = all(paths[one] == paths[number] for one in way)
                        found[number][at - 1] = (
                            paths[number][at].name if shared and not same else ""
                        )
            parted += [way for key, way in ways.items() if len(way) > 1 and key]
        groups = parted
        at += 1
    for number, places in enumerate(found):
        if len(paths) > 1 and not places:
            found[number][0] = ""
    return found
