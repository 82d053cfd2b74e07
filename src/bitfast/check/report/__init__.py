"""The last stage of `bitfast check`: one result told on the terminal, as HTML, JSON, SARIF and as a picture."""

from bitfast.check.report.html import write_html
from bitfast.check.report.json_report import json_report, write_json
from bitfast.check.report.sarif import sarif_report, write_sarif
from bitfast.check.report.terminal import render, svg

__all__ = ["json_report", "render", "sarif_report", "svg", "write_html", "write_json", "write_sarif"]
