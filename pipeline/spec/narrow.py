"""A specification that asks only some concepts of JSON records, for a quick first look at them."""

import msgspec

from pipeline.spec.mapping import Leaf, Mapping, Said, TreeMapping, leaves
from pipeline.spec.model import Spec
from pipeline.spec.once import once_per_spec


@once_per_spec
def narrowed(concepts: tuple[str, ...], spec: Spec) -> Spec:
    """The specification whose JSON mappings ignore what says none of the concepts.

    Other formats cost no less to read in part and stay as they are.
    """
    registries = {name: _narrow(one, concepts) for name, one in spec.registries.items()}
    return msgspec.structs.replace(spec, registries=registries)


def _narrow(mapping: Mapping, concepts: tuple[str, ...]) -> Mapping:
    if not isinstance(mapping, TreeMapping) or mapping.syntax != "json":
        return mapping
    read = {path: kept for path, said in mapping.read.items() if (kept := _kept(said, concepts))}
    picks = {
        path: pick
        for path, pick in mapping.pick.items()
        if {*pick.concepts.values(), pick.other, *pick.shapes} & set(concepts)
    }
    passed = {**mapping.read, **mapping.pick, **mapping.links}.keys() - read.keys() - picks.keys()
    ignore = mapping.ignore | dict.fromkeys(sorted(passed), "Not asked for here.")
    return msgspec.structs.replace(
        mapping, read=read, pick=picks, links={}, entries={}, ignore=ignore
    )


def _kept(said: Said, concepts: tuple[str, ...]) -> tuple[Leaf, ...]:
    return tuple(leaf for leaf in leaves(said) if leaf.concept in concepts)
