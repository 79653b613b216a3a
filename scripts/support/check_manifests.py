#!/usr/bin/env python3
"""Checks Kubernetes manifests from standard input against the API's schemas and the restricted pod security standard.

    kubectl kustomize DIRECTORY | check_manifests.py KUBERNETES_VERSION KIND...

Every KIND must be there, and what names another resource (selectors, network policies) must find it.
Resources of the Prometheus operator have no schema here; only their names are looked at. The pod security rules are those of
https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and beyond it a read-only root, limits and no token.
"""
import sys

import kubernetes_validate
import yaml

OPERATOR = "monitoring.coreos.com/v1"
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


def pod_template(resource):
    spec = resource.get("spec", {})
    if resource["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
        if spec.get("backoffLimit") != 0 or not spec.get("activeDeadlineSeconds"):
            raise ValueError("needs backoffLimit 0 and activeDeadlineSeconds")
        if resource["spec"].get("concurrencyPolicy") != "Forbid":
            raise ValueError("concurrencyPolicy is not Forbid")
    return spec.get("template", {}).get("spec")


def pod_problems(pod):
    security = pod.get("securityContext", {})
    if not security.get("runAsNonRoot") or not security.get("runAsUser"):
        yield "runs as root, or may"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "gets a token of the Kubernetes API"
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(key):
            yield f"has {key}"
    for volume in pod.get("volumes", []):
        if not (set(volume) - {"name"}) <= VOLUMES:
            yield f"volume {volume['name']} is of a kind that is not allowed"
    names = {volume["name"] for volume in pod.get("volumes", [])}
    for container in pod.get("initContainers", []) + pod["containers"]:
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("readOnlyRootFilesystem") is not True:
            yield f"container {container['name']} may gain rights, or write to its root"
        if own.get("capabilities", {}) != {"drop": ["ALL"]}:
            yield f"container {container['name']} keeps capabilities"
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield f"container {container['name']} has no limit of memory"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in names:
                yield f"mounts {mount['name']}, which is no volume"


def problems(resource, version):
    if resource["apiVersion"] == OPERATOR:
        return [] if resource["kind"] in {"ServiceMonitor", "PrometheusRule"} else ["is of an unknown kind"]
    try:
        kubernetes_validate.validate(resource, version, strict=True)
        pod = pod_template(resource)
        return list(pod_problems(pod)) if pod else []
    except kubernetes_validate.ValidationError as error:
        return [f"{error.message} at {'.'.join(map(str, error.path))}"]
    except (kubernetes_validate.SchemaNotFoundError, kubernetes_validate.InvalidSchemaError, ValueError) as error:
        return [str(error)]


def matches(selector, labels):
    return bool(selector) and set(selector.items()) <= set(labels.items())


def wiring_problems(resources):
    """What one resource says of another."""
    by_kind = {}
    for resource in resources:
        by_kind.setdefault(resource["kind"], []).append(resource)
    pods = [template["spec"]["template"]["metadata"].get("labels", {}) for template in by_kind.get("Deployment", [])]
    for deployment in by_kind.get("Deployment", []):
        spec = deployment["spec"]
        if not matches(spec["selector"]["matchLabels"], spec["template"]["metadata"].get("labels", {})):
            yield "the Deployment does not select its own pods"
    for service in by_kind.get("Service", []):
        if not any(matches(service["spec"].get("selector", {}), labels) for labels in pods):
            yield "the Service selects no pod"
    for monitor in by_kind.get("ServiceMonitor", []):
        labels = [service["metadata"].get("labels", {}) for service in by_kind.get("Service", [])]
        if not any(matches(monitor["spec"]["selector"]["matchLabels"], one) for one in labels):
            yield "the ServiceMonitor selects no Service"
    for policy in by_kind.get("NetworkPolicy", []):
        peers = [peer for rule in policy["spec"].get("egress", []) for peer in rule.get("to", [])]
        dns = [peer["podSelector"]["matchLabels"] for peer in peers if "podSelector" in peer]
        if {"k8s-app": "kube-dns"} not in dns:
            yield f"the NetworkPolicy lets nobody ask for names: {dns}"
        if set(policy["spec"].get("policyTypes", [])) != {"Ingress", "Egress"}:
            yield "the NetworkPolicy leaves a direction open"


def missing_kinds(resources, kinds):
    present = {resource["kind"] for resource in resources}
    return [f"there is no {kind}" for kind in kinds if kind not in present]


def main(version, *kinds):
    resources = list(yaml.safe_load_all(sys.stdin))
    found = [
        f"{resource['kind']} {resource['metadata']['name']}: {problem}"
        for resource in resources
        for problem in problems(resource, version)
    ]
    found += [*missing_kinds(resources, kinds), *wiring_problems(resources)]
    for problem in found:
        print(f"check_manifests: {problem}", file=sys.stderr)
    print(f"{len(resources)} resources")
    return 1 if found or not resources else 0


sys.exit(main(*sys.argv[1:]))
