"""CDISC Dataset-JSON 1.1 of one dataset, whole or one row a line."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
import pyarrow as pa

from pipeline import __version__
from pipeline.load.oid import data_oid, dataset_oid, metadata_oid, study_oid, variable_oid
from pipeline.load.order import in_key_order
from pipeline.spec.model import Spec
from pipeline.tabulate import variable_of
from pipeline.text import width
from pipeline.values import Scalar, Study

DATA_TYPES = {
    "text": "string",
    "durationDatetime": "string",
    "integer": "integer",
    "float": "float",
}


def dataset_json(table: pa.Table, study: Study, spec: Spec, created: datetime) -> bytes:
    """The dataset as one JSON object: what it is, then its rows in key order, one a line.

    A missing number is null and a missing text is empty, as Dataset-JSON 1.1 has it.
    """
    return both_forms(table, study, spec, created)[0]


def dataset_ndjson(table: pa.Table, study: Study, spec: Spec, created: datetime) -> bytes:
    """The dataset in the NDJSON form: what it is on the first line, then a row a line."""
    return both_forms(table, study, spec, created)[1]


def both_forms(table: pa.Table, study: Study, spec: Spec, created: datetime) -> tuple[bytes, bytes]:
    """The dataset as one JSON object and in the NDJSON form, of the same rows."""
    table = in_key_order(table)
    head = msgspec.json.encode(_metadata(table, study, spec, created))
    rows = list(_rows(table))
    whole = head[:-1] + b',"rows":[\n' + b",\n".join(rows) + b"\n]}\n"
    return whole, b"\n".join((head, *rows)) + b"\n"


def _metadata(table: pa.Table, study: Study, spec: Spec, created: datetime) -> dict[str, object]:
    code = table.schema.metadata[b"domain"].decode()
    return {
        "datasetJSONCreationDateTime": created.isoformat(timespec="seconds"),
        "datasetJSONVersion": "1.1.0",
        "fileOID": data_oid(study.id, code),
        "originator": "registry-sdtm",
        "sourceSystem": {"name": "registry-sdtm", "version": __version__},
        "studyOID": study_oid(study.id),
        "metaDataVersionOID": metadata_oid(study.id),
        "metaDataRef": "../submission/define.xml",
        "itemGroupOID": dataset_oid(code),
        "records": table.num_rows,
        "name": code,
        "label": table.schema.metadata[b"label"].decode(),
        "columns": [_column(field, table, code, spec) for field in table.schema],
    }


def _column(field: pa.Field, table: pa.Table, code: str, spec: Spec) -> dict[str, object]:
    domain = spec.domains[code]
    column: dict[str, object] = {
        "itemOID": variable_oid(code, field.name),
        "name": field.name,
        "label": field.metadata[b"label"].decode(),
        "dataType": DATA_TYPES[variable_of(domain, field.name).type],
    }
    if column["dataType"] == "string":
        texts = filter(None, table.column(field.name).unique().to_pylist())
        column["length"] = max((width(text, spec) for text in texts), default=1)
    keys = domain.keys_of(table.column_names)
    if field.name in keys:
        column["keySequence"] = keys.index(field.name) + 1
    return column


def _rows(table: pa.Table) -> Iterator[bytes]:
    columns = [_written(column) for column in table.columns]
    return map(msgspec.json.encode, zip(*columns, strict=True))


def _written(column: pa.ChunkedArray) -> list[Scalar]:
    values: list[Scalar] = column.to_pylist()
    return (
        ["" if value is None else value for value in values]
        if pa.types.is_string(column.type)
        else values
    )
