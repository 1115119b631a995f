"""The registries that updates can ask, by name."""

from pipeline.issues import BadRequest
from pipeline.update import ctgov, ctis, isrctn
from pipeline.update.values import Client

CLIENTS: dict[str, Client] = {
    "ctgov": ctgov.CLIENT,
    "ctis": ctis.CLIENT,
    "isrctn": isrctn.CLIENT,
}


def client(registry: str) -> Client:
    """How a registry is asked; raises `BadRequest` for one that is not known."""
    if registry not in CLIENTS:
        raise BadRequest(f"There is no client for '{registry}'; there are: {', '.join(CLIENTS)}.")
    return CLIENTS[registry]
