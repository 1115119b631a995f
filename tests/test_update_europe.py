"""CTIS and ISRCTN on loopback: lists and offsets, ends that are out of reach, answers cut short."""

import json
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from pipeline import spec as specification
from pipeline.extract import read
from pipeline.issues import BadRequest
from pipeline.update import ctis, isrctn
from pipeline.update.fetch import fetch
from pipeline.update.sweep import sweep
from pipeline.update.values import Incomplete, Scope
from tests.loopback import Server, sent

SPACE = "http://www.67bricks.com/isrctn"


class Europe:
    """Both registries: CTIS trials by number with their day, ISRCTN trials likewise."""

    def __init__(self):
        self.ctis: dict[str, str] = {}
        self.isrctn: dict[str, str] = {}
        self.faults: list[int | str] = []
        self.asked: list[str] = []
        self.most, self.lost = 10_000, 0
        self._server = Server(self.answer)
        self.base = self._server.address

    def close(self):
        self._server.close()

    def answer(self, request, body):
        place = urlsplit(request.path)
        self.asked.append(f"{place.path}?{place.query}{body.decode()}")
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            sent(request, fault, b"")
        elif place.path == "/search":
            sent(request, 200, self._list(json.loads(body)))
        elif place.path.startswith("/retrieve/"):
            number = place.path.rsplit("/", 1)[1]
            day = self.ctis.get(number)
            trial = {"ctNumber": number, "ctStatus": "Ongoing", "publishDate": f"{day}T10:00:00"}
            sent(request, 200 if day else 404, json.dumps(trial, indent=1).encode())
        else:
            data = self._query({name: one[0] for name, one in parse_qs(place.query).items()})
            sent(request, 200, data[: len(data) // 2] if fault == "half" else data)

    def _list(self, asked):
        page, size = asked["pagination"]["page"], asked["pagination"]["size"]
        found = sorted(self.ctis, reverse=asked["sort"]["direction"] == "DESC")
        found = [one for one in found if asked["searchCriteria"].get("containAll", "") in one]
        at = (page - 1) * size
        came = found[at : at + size] if page >= 1 and at + size <= self.most else []
        data = [
            {"ctNumber": one, "lastUpdated": "/".join(reversed(self.ctis[one].split("-")))}
            for one in came
        ]
        return json.dumps(
            {"pagination": {"totalRecords": len(found) + self.lost}, "data": data}
        ).encode()

    def _query(self, asked):
        words, _, since = asked["q"].rpartition("lastEdited GE ")
        words = words.removesuffix(") AND ").removeprefix("(").split(" OR ")
        found = [
            one
            for one, day in sorted(self.isrctn.items())
            if day >= since[:10]
            and (words == [""] or any(word in f"ISRCTN{one}" for word in words))
        ]
        at, size = int(asked["offset"]), int(asked["limit"])
        trials = "".join(
            f'<fullTrial><trial lastUpdated="{self.isrctn[one]}T10:00:00Z"><isrctn>{one}</isrctn>'
            f"<externalRefs><doi>10.1186/ISRCTN{one}</doi></externalRefs><trialDescription>"
            f"<title>{escape(f'Trial & {one}')}</title></trialDescription></trial></fullTrial>"
            for one in found[at : at + size]
        )
        total = len(found) + self.lost
        return f'<allTrials xmlns="{SPACE}" totalCount="{total}">{trials}</allTrials>'.encode()


@pytest.fixture
def europe(monkeypatch):
    monkeypatch.setattr(ctis, "SIZE", 10)
    monkeypatch.setattr(isrctn, "RECORDS", 10)
    found = Europe()
    yield found
    found.close()


def number(n):
    return f"2022-50{n:04d}-10-00"


EVERY = {"ctis": ctis.CLIENT, "isrctn": isrctn.CLIENT}


@pytest.fixture(params=EVERY)
def one(request, europe):
    """A registry with 25 trials, and a way to ask it."""
    name = request.param
    if name == "ctis":
        europe.ctis = {number(n): "2026-01-01" for n in range(25)}
    else:
        europe.isrctn = {f"{n:08d}": "2026-01-01" for n in range(25)}
    return name


def bring(store, one, web, europe, scope=None, run=1):
    return fetch(store, EVERY[one], web, europe.base, scope or Scope(one), run)


def test_everything_comes_and_what_changed_after(store, one, web, europe, monkeypatch):
    assert bring(store, one, web, europe).changed == 25
    trials = getattr(europe, one)
    trials[sorted(trials)[7]] = "2099-01-01"
    found = bring(store, one, web, europe, run=2)
    assert (found.fetched, found.changed) == (1, 1)


@pytest.mark.parametrize("fault", [429, 500, "half"])
def test_faults_are_waited_out(store, one, web, europe, fault):
    europe.faults = [fault, fault]
    assert bring(store, one, web, europe).changed == 25


def test_a_short_answer_is_never_complete(store, one, web, europe):
    europe.lost = 3
    with pytest.raises(Incomplete, match="25 records came of 28"):
        bring(store, one, web, europe)
    with pytest.raises(Incomplete):
        sweep(store, EVERY[one], web, europe.base, Scope(one), 2)


def test_what_is_gone_is_found(store, one, web, europe):
    bring(store, one, web, europe)
    trials = getattr(europe, one)
    del trials[sorted(trials)[3]]
    assert sweep(store, EVERY[one], web, europe.base, Scope(one), 2) == 1


def test_chosen_trials(store, one, web, europe):
    ids = (number(1), number(9999)) if one == "ctis" else ("ISRCTN00000001", "ISRCTN00009999")
    assert bring(store, one, web, europe, Scope(one, ids)).changed == 1
    assert sweep(store, EVERY[one], web, europe.base, Scope(one, ids), 2) == 0


def test_a_search(store, one, web, europe):
    assert (
        bring(
            store, one, web, europe, Scope(one, search="5000" if one == "ctis" else "0000000")
        ).changed
        >= 10
    )


def test_records_are_read_by_the_pipeline(store, one, web, europe):
    bring(store, one, web, europe)
    item = next(store.items())
    (record,) = read(item.data(), item.name, specification.load())
    assert record.source.registry == one
    assert record.source.id == item.name.split("/")[1]


def test_what_ctis_does_not_list_from_one_end_comes_from_the_other(store, web, europe, monkeypatch):
    monkeypatch.setattr(ctis, "DEEPEST", 2)
    europe.most = 20
    europe.ctis = {number(n): "2026-01-01" for n in range(35)}
    assert bring(store, "ctis", web, europe).changed == 35
    europe.ctis = {number(n): "2026-01-01" for n in range(45)}
    with pytest.raises(BadRequest, match="lists 40 trials at most"):
        bring(store, "ctis", web, europe, run=2)
