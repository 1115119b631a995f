"""YAML as text: every scalar a string (`NO` is Norway), a key written twice an error."""

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
    loader = _Text(path.read_text(encoding="utf-8") if text is None else text)
    loader.name = path.name
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadSpec([f"{path}:{line}: {error.problem}"]) from error
    finally:
        loader.dispose()
