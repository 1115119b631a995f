"""YAML as text: every scalar a string (`NO` is Norway), a key written twice an error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from pipeline.issues import BadSpec


class _Text(yaml.CBaseLoader):
    """The base loader resolves no scalar to another type; this one also refuses double keys."""

    name = ""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise BadSpec([f"{self.name}:{line}: the key '{key.value}' stands twice"])
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def parse(path: Path, text: str | None = None) -> Any:
    """The content of a YAML file; `BadSpec` names file and line when it cannot be read."""
    return _read(path, text, lambda loader: loader.get_single_data())


def nodes(path: Path) -> yaml.Node | None:
    """The nodes of a YAML file with their places, None when it is empty; `BadSpec` as `parse`."""
    found: yaml.Node | None = _read(path, None, lambda loader: loader.get_single_node())
    return found


def _read(path: Path, text: str | None, take: Callable[[_Text], Any]) -> Any:
    try:
        loader = _Text(path.read_text(encoding="utf-8") if text is None else text)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadSpec([f"{path}: {error}"]) from error
    loader.name = path.name
    try:
        return take(loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadSpec([f"{path}:{line}: {error.problem}"]) from error
    except yaml.YAMLError as error:
        raise BadSpec([f"{path}: {' '.join(str(error).split())}"]) from error
    finally:
        loader.dispose()
