#!/usr/bin/env python3
"""Checks Kubernetes manifests from standard input against the API's schemas and the restricted pod security standard.

    kubectl kustomize DIRECTORY | check_manifests.py KUBERNETES_VERSION

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


def main(version):
    resources = list(yaml.safe_load_all(sys.stdin))
    found = [
        f"{resource['kind']} {resource['metadata']['name']}: {problem}"
        for resource in resources
        for problem in problems(resource, version)
    ]
    for problem in found:
        print(f"check_manifests: {problem}", file=sys.stderr)
    print(f"{len(resources)} resources")
    return 1 if found or not resources else 0


sys.exit(main(sys.argv[1]))
