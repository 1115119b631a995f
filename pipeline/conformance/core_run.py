"""CORE's rules run over one folder of datasets, by the Python that has CORE; prints JSON.

Run as a script: CORE needs Python 3.12, and nothing of this project is imported here.
"""

import argparse
import contextlib
import copy
import json
import os
import pickle
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cdisc_rules_engine
from cdisc_rules_engine.models.external_dictionaries_container import (
    ExternalDictionariesContainer,
)
from cdisc_rules_engine.models.library_metadata_container import LibraryMetadataContainer
from cdisc_rules_engine.rules_engine import RulesEngine
from cdisc_rules_engine.services import logger
from cdisc_rules_engine.services.cache import InMemoryCacheService
from cdisc_rules_engine.services.define_xml.define_xml_reader_factory import (
    DefineXMLReaderFactory,
)

DATASETS = (".xpt", ".json", ".ndjson")


def main() -> None:
    """Print what ran, what was skipped, what failed to execute, and what was found."""
    options = _options()
    # the engine opens resources/schema/*.json relative to the folder that it is installed in
    os.chdir(Path(cdisc_rules_engine.__file__).parents[1])
    logger.disabled = True
    with contextlib.redirect_stdout(sys.stderr):
        answer = _run(options.folder, options.define, options.cache, options.version)
    json.dump(answer, sys.stdout, default=str, sort_keys=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=_absolute)
    parser.add_argument("--define", type=_absolute, required=True)
    parser.add_argument("--cache", type=_absolute, required=True, help="its pickles are loaded")
    parser.add_argument("--version", required=True, help="of SDTMIG, as 3.4")
    return parser.parse_args()


def _absolute(path: str) -> Path:
    return Path(path).resolve(strict=True)


def _run(folder: Path, define: Path, cache: Path, sdtmig: str) -> dict[str, Any]:
    paths = sorted(str(path) for path in folder.iterdir() if path.suffix in DATASETS)
    number = sdtmig.replace(".", "-")
    rules = _load(cache, "rules")
    engine = RulesEngine(
        cache=InMemoryCacheService(),
        standard="sdtmig",
        standard_version=number,
        library_metadata=_library(cache, number, define),
        dataset_paths=paths,
        max_dataset_size=max(Path(path).stat().st_size for path in paths),
        define_xml_path=str(define),
        validate_xml=True,
        ct_packages=set(),
        external_dictionaries=ExternalDictionariesContainer(),
        max_errors_per_rule=0,
        encoding="utf-8",
    )
    evaluated = {Path(path).stem.upper(): 0 for path in paths}
    ran, skipped, failed, findings = [], {}, {}, []
    for rule_id in sorted(_load(cache, "rules_dictionary")[f"sdtmig/{number}"]):
        results = engine.validate_single_rule(copy.deepcopy(rules[rule_id]))
        flat = [result for found in results.values() for result in found]
        done = [result for result in flat if result["executionStatus"] != "skipped"]
        if not done:
            reasons = {str(error["error"]) for result in flat for error in result["errors"]}
            skipped[rule_id] = "; ".join(sorted(reasons))
            continue
        ran.append(rule_id)
        for result in done:
            name = result.get("dataset") or ""
            evaluated[name] = evaluated.get(name, 0) + 1
            if result["executionStatus"] == "execution error":
                failed[rule_id] = str(result["message"])
                continue
            findings += [_finding(rules[rule_id], result, error) for error in result["errors"]]
    once = {json.dumps(finding, default=str, sort_keys=True): finding for finding in findings}
    return {
        "engine": {"name": "CDISC CORE", "version": version("cdisc-rules-engine")},
        "sdtmig": sdtmig,
        "rules": {"run": ran, "skipped": skipped, "failed": failed},
        "evaluated": evaluated,
        "findings": [once[key] for key in sorted(once)],
    }


def _library(cache: Path, number: str, define: Path) -> LibraryMetadataContainer:
    details = _load(cache, "standards_details")[f"standards/sdtmig/{number}"]
    model = "/".join(details["_links"]["model"]["href"].split("/")[-2:])
    reader = DefineXMLReaderFactory.from_filename(str(define))
    standards, merged, _, is_merged = reader.get_ct_standards_metadata()
    wanted = {f"{one.publishing_set.lower()}ct-{one.version}" for one in standards}
    published = {path.stem for path in cache.glob("*ct-*.pkl")}
    if missing := sorted(wanted - published):
        sys.exit(
            f"The cache has no terminology package {', '.join(missing)}, which define.xml names."
        )
    terms = {package: _load(cache, package) for package in wanted}
    terms["extensible"] = reader.get_extensible_codelist_mappings()
    if is_merged:
        terms["define_XML_merged_CT"] = merged
    return LibraryMetadataContainer(
        standard_metadata=details,
        model_metadata=_load(cache, "standards_models")[f"models/{model}"],
        ct_package_metadata=terms,
        variable_codelist_map=_load(cache, "variable_codelist_maps")[f"sdtmig-{number}-codelists"],
        variables_metadata=_load(cache, "variables_metadata")[
            f"library_variables_metadata/sdtmig/{number}"
        ],
        published_ct_packages=published,
        cache_path=str(cache),
    )


def _load(cache: Path, name: str) -> Any:
    return pickle.loads((cache / f"{name}.pkl").read_bytes())  # noqa: S301 - named by the user


def _finding(rule: dict[str, Any], result: dict[str, Any], error: dict[str, Any]) -> dict[str, Any]:
    published = {one["Rule_Identifier"]["Id"] for group in rule["reference"] for one in group}
    return {
        "rule": rule["core_id"],
        "published": sorted(published),
        "dataset": result.get("dataset") or "",
        "row": error.get("row") or None,
        "variables": sorted(result.get("variables") or []),
        "value": error.get("value") or {},
        "message": str(error.get("message") or result.get("message")),
    }


if __name__ == "__main__":
    main()
