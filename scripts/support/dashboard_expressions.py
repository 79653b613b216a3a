#!/usr/bin/env python3
"""Prints every PromQL expression of Grafana dashboards, one a line, with the variables replaced.

    dashboard_expressions.py [--set NAME=VALUE]... FILE...

Variables that are not set match everything (`.+`); Grafana's own intervals become 5m. A variable that a dashboard uses and
does not define is an error.
"""
import argparse
import json
import re
import sys

INTERVALS = {"__rate_interval": "5m", "__interval": "5m", "__range": "1d"}
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))")


def panels(container):
    for panel in container.get("panels", []):
        yield panel
        yield from panels(panel)


def expressions(dashboard, values):
    defined = {variable["name"] for variable in dashboard["templating"]["list"]}

    def value(match):
        name = match[1] or match[2]
        if name in INTERVALS:
            return INTERVALS[name]
        if name not in defined:
            raise ValueError(f"${name} is not defined")
        return values.get(name, ".+")

    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            try:
                yield VARIABLE.sub(value, " ".join(target["expr"].split()))
            except ValueError as error:
                raise ValueError(f"panel \"{panel['title']}\": {error}") from error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    values = dict(pair.split("=", 1) for pair in options.set)
    for file in options.files:
        with open(file, encoding="utf-8") as opened:
            dashboard = json.load(opened)
        try:
            for expression in expressions(dashboard, values):
                print(expression)
        except ValueError as error:
            sys.exit(f"{file}: {error}")


main()
