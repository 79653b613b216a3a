#!/usr/bin/env python3
"""Prints the rules of alerts/ as the PrometheusRule of deploy/kubernetes/base.

    prometheus_rule.py alerts/restorable.rules.yml > deploy/kubernetes/base/prometheusrule.yaml
"""
import sys

HEAD = """\
# Made from alerts/restorable.rules.yml by scripts/support/prometheus_rule.py: change it there.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: restorable
spec:
"""

with open(sys.argv[1], encoding="utf-8") as rules:
    lines = rules.read().splitlines()
lines = lines[lines.index("groups:") :]
print(HEAD + "\n".join(f"  {line}" if line else "" for line in lines))
