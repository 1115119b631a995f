"""The one date that files may carry: the same records give the same bytes on any day."""

import datetime as dt
import os

from pipeline.spec.model import Spec
from pipeline.values import Study


def created(study: Study, spec: Spec) -> dt.datetime:
    """The newest version date of the study's records, else SOURCE_DATE_EPOCH, else the CT date."""
    return dated(max((record.source.version for record in study.records), default=""), spec)


def dated(version: str, spec: Spec) -> dt.datetime:
    """The version date as a time, else SOURCE_DATE_EPOCH, else the CT date."""
    if version:
        year, month, day = (int(part) for part in (version + "-01-01").split("-")[:3])
        return dt.datetime(year, month, day, tzinfo=dt.UTC)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC)
    return dt.datetime.fromisoformat(spec.terminology.version).replace(tzinfo=dt.UTC)
