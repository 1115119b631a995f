"""The one arm of a study that lists none and says that it has a single group."""

from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.extract.prose import Texts
from pipeline.spec.mapping import TreeMapping
from pipeline.spec.model import Spec
from pipeline.values import Fact

_INERT = ("placebo", "sham", "no intervention")


def read_single_group(texts: Texts, spec: Spec) -> Iterator[Fact]:
    """An arm that is called by its only treatment, or as a single group, and given all that the
    record lists; none where the allocation is random, a placebo is listed, or the form of the
    record leaves arms out.
    """
    models = [one.fact for one in texts.get("design.model", ()) if one.fact.value == "SINGLE_GROUP"]
    given = [one.fact for one in texts.get("intervention.name", ())]
    random = any(one.fact.value == "RANDOMIZED" for one in texts.get("design.allocation", ()))
    if not models or not given or random:
        return
    if any(word in one.value.lower() for one in given for word in _INERT):
        return
    form = spec.registries.get(models[0].source.format)
    if isinstance(form, TreeMapping) and "arm.label" in form.omits:
        return
    label = given[0] if len(given) == 1 else replace(models[0], value=spec.design.single_group)
    yield replace(label, concept="arm.described", item=0, about="single group")
    for one in given:
        yield replace(one, concept="arm.intervention", item=0)
