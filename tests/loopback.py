"""Servers on loopback; a registry that speaks ClinicalTrials.gov's protocol, with faults."""

import hashlib
import io
import json
import re
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def study(nct: str, title: str = "A trial", day: str = "2026-01-02", **more) -> dict:
    """A record in the shape of API v2, made up."""
    protocol = {
        "identificationModule": {
            "nctId": nct,
            "briefTitle": title,
            "officialTitle": f"{title}, officially",
            "orgStudyIdInfo": {"id": f"S-{nct[3:]}"},
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"},
        },
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": [more.get("phase", "PHASE2")],
            "enrollmentInfo": {"count": more.get("count", 40), "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Arm A", "type": "EXPERIMENTAL", "interventionNames": ["Drug: X"]}
            ],
            "interventions": [{"type": "DRUG", "name": "X", "armGroupLabels": ["Arm A"]}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": more.get("outcome", "Survival"), "timeFrame": "1 year"}]
        },
        "eligibilityModule": {
            "eligibilityCriteria": more.get(
                "criteria", "Inclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n\n* Pregnancy"
            )
        },
    }
    return {"protocolSection": protocol, "hasResults": False}


class Server:
    """A server in a thread that answers every request by `answer(request, body)`."""

    def __init__(self, answer):
        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_GET(self):
                answer(self, b"")

            def do_POST(self):
                answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *args):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a client that gave up

        self._server = Quiet(("127.0.0.1", 0), Answers)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.005,), daemon=True
        )
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def sent(request, status, data, headers=()):
    """Send an answer."""
    request.send_response(status)
    for name, value in dict(headers).items():
        request.send_header(name, value)
    if status != 304:
        request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data)


class Registry:
    """A server in a thread: `studies` by number, `stamp` the state of its data, `faults` what the
    next requests get instead of an answer; `asked` are the requests that came.
    """

    def __init__(self):
        self.studies: dict[str, dict] = {}
        self.stamp = "2026-01-10T09:00:06"
        self.faults: list = []
        self.between = []  # called when a page is made and not sent yet
        self.asked: list[tuple[str, dict, dict]] = []
        self.page = 3
        self.short = 0  # records that every answer lacks
        self.pretty = False
        self.carried: list[int] = []  # bytes of each download
        self._tokens = 0
        self._server = Server(self.answer)
        self.base = f"{self._server.address}/api/v2"

    def close(self):
        self._server.close()

    def add(self, *studies: dict):
        for one in studies:
            self.studies[one["protocolSection"]["identificationModule"]["nctId"]] = one

    def answer(self, request, _):
        place = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        self.asked.append((place.path, asked, dict(request.headers)))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            sent(request, fault, b"", {"Retry-After": "0"} if fault == 429 else {})
            return
        if fault == "drop":
            request.close_connection = True
            request.connection.close()
            return
        if isinstance(fault, float):
            time.sleep(fault)
        if fault == "trickle":  # a byte now and then, for ever
            request.send_response(200)
            request.send_header("Content-Length", "1000000")
            request.end_headers()
            while True:
                request.wfile.write(b" ")
                time.sleep(0.05)
        if place.path.endswith("/version"):
            found = {"apiVersion": "2.0.5", "dataTimestamp": self.stamp}
            tag = f'"{self.stamp}"'
            if request.headers.get("If-None-Match") == tag:
                sent(request, 304, b"", {"ETag": tag})
                return
            sent(request, 200, json.dumps(found).encode(), {"ETag": tag})
            return
        if place.path.endswith("/download"):
            self._download(request, fault)
            return
        found = self._page(asked)
        if found is None:
            sent(request, 400, b"unknown token", {})
            return
        data = json.dumps(found, indent=1 if self.pretty else None).encode()
        if fault == "cut":  # a body that is shorter than it says
            request.send_response(200)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data[: len(data) // 2])
            request.close_connection = True
            return
        if self.between:
            self.between.pop(0)()
        sent(request, 200, data[: len(data) // 2] if fault == "half" else data)

    def _page(self, asked):
        since = re.search(r"RANGE\[([\d-]+),MAX\]", asked.get("filter.advanced", ""))
        wanted = asked.get("filter.ids", "").split(",")
        found = [
            one
            for nct, one in sorted(self.studies.items())
            if wanted == [""] or nct in wanted
            if not since or _day(one) >= since[1]
            if "query.term" not in asked or asked["query.term"] in json.dumps(one)
        ]
        if asked.get("sort") == "LastUpdatePostDate:asc":
            found.sort(key=_day)
        at = 0
        if token := asked.get("pageToken"):
            state, _, number = token.partition("-")
            if state != f"t{self._tokens}":
                return None
            at = int(number)
        size = min(self.page, int(asked["pageSize"]))
        came = [self._stamped(one) for one in found[at : at + size]]
        if asked.get("fields") == "NCTId":
            ids = (one["protocolSection"]["identificationModule"]["nctId"] for one in came)
            came = [{"protocolSection": {"identificationModule": {"nctId": name}}} for name in ids]
        more = at + size < len(found)
        answer = {"studies": came[self.short :] if not more else came}
        if more:
            answer["nextPageToken"] = f"t{self._tokens}-{at + size}"
        if asked.get("countTotal") == "true" and not at:
            answer["totalCount"] = len(found)
        return answer

    def _download(self, request, fault):
        """The zip, from where it is asked for (Range) as long as it is the same (If-Range)."""
        data = self._zip()
        tag = f'"{hashlib.sha256(data).hexdigest()[:12]}"'
        begin, status, said = 0, 200, {"ETag": tag}
        wanted = request.headers.get("Range", "")
        if wanted and request.headers.get("If-Range") == tag:
            begin, status = int(wanted.removeprefix("bytes=").removesuffix("-")), 206
            if begin >= len(data):
                sent(request, 416, b"")
                return
            said["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
        data = data[begin:]
        self.carried.append(len(data))
        if fault == "cut":
            request.send_response(status)
            for name, value in (said | {"Content-Length": str(len(data))}).items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(data[: len(data) // 2])
            request.close_connection = True
            return
        sent(request, status, data[: len(data) // 2] if fault == "half" else data, said)

    def _zip(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for nct, one in self.studies.items():
                entry = zipfile.ZipInfo(f"{nct}.json")  # the same bytes at any time
                archive.writestr(entry, json.dumps(self._stamped(one), indent=2))
        return file.getvalue()

    def forget_tokens(self):
        self._tokens += 1

    def _stamped(self, one):
        return one | {"derivedSection": {"miscInfoModule": {"versionHolder": self.stamp[:10]}}}


def _day(one):
    return one["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]
